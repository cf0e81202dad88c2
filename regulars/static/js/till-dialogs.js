// Dialogs of the sale screen: they lie in its form, so what is typed there waits for its own button.

const form = document.getElementById("sale");

// Nothing is sent before the button of its dialog is pressed; “Why” is the page's own business, and
// what stands in the one field is sent by Enter.
form.addEventListener("change", (event) => {
  if (event.target.closest("dialog, #why, #q")) event.stopPropagation();
}, true);

// Enter presses what the dialog is for, not what the form begins with.
form.addEventListener("keydown", (event) => {
  const dialog = event.key === "Enter" && event.target.matches("input") && event.target.closest("dialog[open]");
  if (!dialog) return;
  event.preventDefault();
  const next = event.target.dataset.filter
    ? document.querySelector(`#${event.target.dataset.filter} .tile:not([hidden])`)
    : dialog.querySelector(".dialog-foot .button-primary");
  next?.click();
});

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

// Leaves those tiles that hold every word typed so far.
const filter = (field) => {
  const words = plain(field.value).split(/\s+/).filter(Boolean);
  const list = document.getElementById(field.dataset.filter);
  for (const group of list.querySelectorAll("section")) {
    const title = plain(group.querySelector("h3").textContent);
    for (const tile of group.querySelectorAll(".tile")) {
      const text = `${title} ${plain(tile.textContent)}`;
      tile.hidden = !words.every((word) => text.includes(word));
    }
    group.hidden = !group.querySelector(".tile:not([hidden])");
  }
  const none = list.querySelector("[data-none]");
  if (none) none.hidden = !words.length || Boolean(list.querySelector("section:not([hidden])"));
};

form.addEventListener("input", (event) => {
  if (event.target.dataset.filter) filter(event.target);
});

const reset = (dialog) => {
  for (const field of dialog.querySelectorAll("input, textarea")) {
    field.value = field.defaultValue;
    field.checked = field.defaultChecked;
    if (field.dataset.filter) filter(field);
  }
};

// What was refused stays to be looked at; what is scanned or typed next takes its place.
form.addEventListener("focusin", ({ target }) => {
  if (target.matches("dialog input[autofocus]")) target.select();
});

// What was typed is forgotten once it was answered well, or the dialog closed without its button.
form.addEventListener("submit", (event) => {
  const dialog = event.submitter?.closest("dialog");
  if (dialog) dialog.dataset.pressed = "";
});

form.addEventListener("close", ({ target }) => {
  if (!target.matches("dialog")) return;
  if (!("pressed" in target.dataset)) reset(target);
  // What opened it may be gone, as an item of a menu is: then the next scan goes into the one field.
  if (!document.activeElement.checkVisibility()) document.getElementById("q").focus();
}, true);

form.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt !== form) return;
  const { status } = event.detail.xhr;
  for (const dialog of form.querySelectorAll("dialog[data-pressed]")) {
    delete dialog.dataset.pressed;
    if (status >= 200 && status < 300) reset(dialog);
  }
});

// A menu is done with once something was chosen; what cannot be done now is not offered.
form.addEventListener("toggle", ({ target, newState }) => {
  if (newState !== "open") return;
  for (const item of target.querySelectorAll("[commandfor]")) {
    item.disabled = !document.getElementById(item.getAttribute("commandfor"));
  }
}, true);

form.addEventListener("click", (event) => {
  if (event.target.closest("button")) event.target.closest("[popover]")?.hidePopover();
});

// The list of rewards is looked up anew each time; without a connection there is none to show.
form.addEventListener("htmx:sendError", () => {
  document.getElementById("rewards-dialog").close();
  document.getElementById("lost").hidden = false;
});
