// The sale screen: what a scanner types is never lost, and neither is the basket.

const form = document.getElementById("sale");
const box = document.getElementById("q");
const scans = document.getElementById("scans");
const lost = document.getElementById("lost");
const keep = `basket ${form.dataset.keep}`;
const basket = () => document.getElementById("basket");

// A scanner may be quicker than an answer: what was entered waits here until it was answered.
let sent = "";

form.addEventListener("submit", ({ submitter }) => {
  const text = box.value.trim();
  if (!text) return;
  // What was typed to find something is done with once that is chosen, or it would count twice.
  if (!submitter?.closest("#found")) scans.value += `${text}\n`;
  box.value = "";
  document.getElementById("found").replaceChildren();
});

// Ctrl and Enter take the next step, from wherever the focus is; in a dialog Enter does.
document.addEventListener("keydown", (event) => {
  const isStep = event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.repeat;
  if (!isStep || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  (document.getElementById("go") ?? document.getElementById("next"))?.click();
}, true);

// What was done is read before it goes: a key that comes too soon was meant for what was there. A
// finger is where it wants to be.
const TO_READ = 1000;

const waitToRead = () => {
  const next = document.getElementById("next");
  if (!next) return;
  next.dataset.waits = "";
  setTimeout(() => delete next.dataset.waits, TO_READ);
};

form.addEventListener("click", (event) => {
  if (event.detail === 0 && event.target.closest("[data-waits]")) event.preventDefault();
}, true);

// Presses wait for the answer to the one before. Each stays what it was when it was made: the button
// that was pressed, and what the page showed then. A payment that is under way is not pressed again.
const seenBy = new WeakMap();
let isPaying = false;

const pays = (verb) => verb === "pay" || verb === "deposit";

form.addEventListener("submit", (event) => {
  seenBy.set(event, form.elements.seen?.value ?? "");
  if (!pays(event.submitter?.value)) return;
  if (isPaying) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
  isPaying = true;
}, true);

form.addEventListener("htmx:configRequest", (event) => {
  const { elt, parameters, triggeringEvent: pressed } = event.detail;
  if (elt !== form) return;
  sent = scans.value;
  parameters.set("scans", sent);
  parameters.set("q", "");
  if (pressed?.submitter) parameters.set("do", pressed.submitter.value);
  else parameters.delete("do");
  if (seenBy.has(pressed)) parameters.set("seen", seenBy.get(pressed));
});

const answered = () => {
  scans.value = scans.value.slice(sent.length);
  sent = "";
  lost.hidden = true;
};

form.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt !== form) return;
  if (pays(event.detail.requestConfig.parameters.do)) isPaying = false;
  const { status } = event.detail.xhr;
  if ((status >= 200 && status < 300) || status === 422) answered();
  else lost.hidden = false;
});

// What is entered into the one field is sent by Enter alone, and "Why" asks nobody: it shows what
// is there already, for as long as this purchase lasts.
let asksWhy = false;

form.addEventListener("change", (event) => {
  if (event.target.id === "why") asksWhy = event.target.checked;
  if (event.target === box || !event.target.name) event.stopPropagation();
}, true);

// Enter in another field takes its value over, once; dialogs have a button of their own for it.
form.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.key !== "Enter" || field === box || field.dataset.go || field.closest("dialog")) return;
  if (!field.matches("input:not([type=checkbox], [type=radio])")) return;
  event.preventDefault();
  field.blur();
});

form.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "screen") return;
  waitToRead();
  if (basket().dataset.stage !== "sale") asksWhy = false;
  const why = document.getElementById("why");
  if (why) why.checked = asksWhy;
});

// A long basket stays where it was looked at; the line that was scanned last is shown.
const lines = () => [...document.querySelectorAll(".basket .line-item")];
const told = () => lines().map((line) => line.textContent);
let place = 0;
let before = told();

form.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "screen") return;
  place = document.querySelector(".basket-lines")?.scrollTop ?? 0;
  before = told();
});

const showLine = () => {
  const list = document.querySelector(".basket-lines");
  if (list) list.scrollTop = place;
  const now = told();
  if (now.length < before.length) return;
  const changed = lines()[now.findLastIndex((line, at) => line !== before[at])];
  changed?.closest("tr").scrollIntoView({ block: "nearest" });
};

// What the basket is like now is kept for as long as this tab is open.
const settle = () => {
  const { stage } = basket().dataset;
  box.placeholder = stage === "who" ? box.dataset.who : box.dataset.sale;
  const isNew = form.dataset.stage !== stage;
  form.dataset.stage = stage;
  if (stage === "done") sessionStorage.removeItem(keep);
  else sessionStorage.setItem(keep, basket().value);
  const here = document.activeElement;
  if (!isNew && here && here !== document.body && here.isConnected && here.checkVisibility()) return;
  const first = document.querySelector("#screen [autofocus]:not(dialog *)");
  (first ?? box).focus({ preventScroll: true });
};

form.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target.id !== "screen") return;
  document.getElementById("found").replaceChildren();
  showLine();
  document.querySelector(".till-notices > *")?.scrollIntoView({ block: "nearest" });
  settle();
});

// Typing anywhere goes into the one field, as a scanner does.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1 || event.key === " ") return;
  if (event.target.closest("input:not([type=checkbox], [type=radio], [type=range]), textarea, select, dialog[open], [popover]")) return;
  box.focus();
});

// A field with a button of its own says nothing until that is pressed; Enter presses it.
document.addEventListener("change", (event) => {
  if (event.target.dataset.go) event.stopPropagation();
}, true);

form.addEventListener("keydown", (event) => {
  const go = event.key === "Enter" && event.target.dataset.go;
  if (!go) return;
  event.preventDefault();
  document.getElementById(go).click();
});

// Arrow keys walk through what was found, while one types or once Enter has asked which.
const FOUND = "#found button, .till-notices .found-list button";

form.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !(event.target === box || event.target.matches(FOUND))) return;
  const all = [box, ...document.querySelectorAll(FOUND)];
  const next = all[all.indexOf(event.target) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
});

// The slider and the field beside it are one number.
form.addEventListener("input", (event) => {
  const pair = event.target.dataset.for;
  if (pair) document.getElementById(pair).value = event.target.value;
});

// A dialog that was done with is closed; one whose press was refused opens nothing anew.
form.addEventListener("click", (event) => {
  const button = event.target.closest("button[name='do']");
  const dialog = button?.closest("dialog[open]");
  if (dialog && dialog.id !== "catalogue") dialog.close();
});

const press = (verb) => {
  const button = document.createElement("button");
  button.name = "do";
  button.value = verb;
  button.hidden = true;
  form.append(button);
  form.requestSubmit(button);
  button.remove();
};

// A page that leads back here says who buys; the basket that was left goes on with them.
const restore = (held) => {
  const asked = new URLSearchParams(location.search);
  if (location.search) history.replaceState(null, "", location.pathname);
  if (!held || asked.has("sale")) return;
  basket().value = held;
  press(asked.has("member") ? `member:${asked.get("member")}` : "recall");
};

addEventListener("online", () => { lost.hidden = true; });
addEventListener("offline", () => { lost.hidden = false; });
const held = sessionStorage.getItem(keep);
settle();
// Only then htmx listens: before, the browser itself would post the page.
addEventListener("DOMContentLoaded", () => restore(held));
