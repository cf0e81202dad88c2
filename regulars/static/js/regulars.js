// What HTML alone does not do yet: steppers, keypads, and dialog buttons in browsers without `command`.

const step = (button) => {
  const input = document.getElementById(button.getAttribute("aria-controls"));
  if (button.dataset.step === "1") input.stepUp();
  else input.stepDown();
  input.dispatchEvent(new Event("change", { bubbles: true }));
};

const press = (button, key) => {
  const input = document.getElementById(button.closest("[data-keypad]").dataset.keypad);
  input.value = key === "back" ? input.value.slice(0, -1) : input.value + key;
  input.dispatchEvent(new Event("input", { bubbles: true }));
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.step) step(button);
  else if (button.dataset.key) press(button, button.dataset.key);
  else if (button.hasAttribute("commandfor") && !("command" in HTMLButtonElement.prototype)) {
    document.getElementById(button.getAttribute("commandfor"))[
      button.getAttribute("command") === "close" ? "close" : "showModal"
    ]();
  }
});

// Where there is a keypad, figures on the keyboard go to its field too, whatever has the focus.
document.addEventListener("keydown", (event) => {
  if (!/^\d$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
  const pad = document.querySelector("[data-keypad]");
  if (!pad?.checkVisibility() || event.target.closest("input:not([type=radio]), textarea, select, dialog[open]")) return;
  document.getElementById(pad.dataset.keypad).focus();
});
