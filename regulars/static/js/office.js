// What HTML alone does not do yet in the office: a key for the search, dialogs that arrive by htmx.

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  if (document.querySelector("dialog[open]")) return;
  event.preventDefault();
  document.querySelector("[data-find]")?.focus();
});

// What asked for a dialog gets the focus back when it closes; of a menu, the button that opens it.
let asker = null;
document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.querySelector("dialog[open]")) return;
  const menu = event.detail.elt.closest("[popover]:not(.side)");
  asker = menu ? document.querySelector(`[popovertarget="${menu.id}"]`) : document.activeElement;
});

const again = () => {
  if (!asker || asker.isConnected) return asker;
  const { id, name, value } = asker;
  if (id) return document.getElementById(id);
  return name ? document.querySelector(`[name="${name}"][value="${value}"]`) : null;
};

// What is wrong comes first.
const toWrong = (where) => {
  const wrong = where.querySelector("[aria-invalid=true]");
  wrong?.focus();
  return Boolean(wrong);
};

const giveBack = () => {
  if (document.querySelector("dialog[open]") || document.activeElement !== document.body) return;
  (again() || document.getElementById("main")).focus();
};

// A part of the page that comes anew takes the focus away with what it replaces.
document.addEventListener("htmx:afterSettle", (event) => {
  if (asker?.isConnected === false && document.activeElement === document.body && !toWrong(event.target)) giveBack();
});

// Whoever reaches for somebody found means what they see: a newer answer waits until they let go.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, requestConfig: { elt: search } } = event.detail;
  const isHeld = () => target.querySelector(":active, :focus");
  if (!search.matches("[role=search]") || !isHeld()) return;
  event.detail.shouldSwap = false;
  const letGo = new AbortController();
  const look = () => setTimeout(() => {
    if (letGo.signal.aborted || isHeld()) return;
    letGo.abort();
    if (search.isConnected) search.requestSubmit();
  });
  for (const end of ["pointerup", "pointercancel", "focusout"]) {
    document.addEventListener(end, look, { signal: letGo.signal });
  }
});

// Once an answer has settled, htmx focuses what asks for it: what is wrong comes before that.
document.addEventListener("htmx:afterSettle", (event) => {
  const dialog = event.target.querySelector?.("dialog[data-opens][open]");
  if (dialog) toWrong(dialog);
});

// A dialog that an answer brings opens at once; what held it is emptied when it closes.
document.addEventListener("htmx:afterSwap", (event) => {
  const dialog = event.target.querySelector?.("dialog[data-opens]:not([open])");
  if (!dialog) return;
  dialog.showModal();
  toWrong(dialog);
  dialog.addEventListener("close", () => { dialog.remove(); giveBack(); });
});

// A question that a page asks stands above it, and to close it is to say no.
const question = document.querySelector("dialog[data-asks]");
if (question) {
  question.removeAttribute("open");
  question.classList.remove("dialog-static");
  question.showModal();
  question.addEventListener("close", () => question.querySelector(".dialog-foot a").click());
}

// Tabs inside a form: the panels are all sent, one is shown.
const choose = (tab) => {
  for (const each of tab.parentElement.querySelectorAll("[role=tab]")) {
    const isChosen = each === tab;
    each.setAttribute("aria-selected", String(isChosen));
    each.tabIndex = isChosen ? 0 : -1;
    document.getElementById(each.getAttribute("aria-controls")).hidden = !isChosen;
  }
};

for (const list of document.querySelectorAll("[data-tabs] [role=tablist]")) {
  const tabs = [...list.querySelectorAll("[role=tab]")];
  choose(tabs.find((tab) => tab.getAttribute("aria-selected") === "true") ?? tabs[0]);
  list.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (tab) choose(tab);
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length];
    choose(next);
    next.focus();
  });
}

toWrong(document);
