// What gift cards need scripts for: copying a code, and counting what is left of a greeting.

const said = document.getElementById("said");

// Where the browser gives no clipboard (a page without encryption), the old way, from the field itself.
const copyFrom = (field) => {
  field.closest("details").open = true;
  field.focus();
  field.select();
  return document.execCommand("copy");
};

const copy = async (field) => {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    return copyFrom(field);
  }
};

for (const button of document.querySelectorAll("[data-copies]")) {
  const label = button.querySelector("span");
  const usual = label.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const isDone = await copy(document.getElementById(button.dataset.copies));
    said.textContent = isDone ? button.dataset.done : button.dataset.failed;
    label.textContent = isDone ? button.dataset.done : usual;
    setTimeout(() => {
      said.textContent = "";
      label.textContent = usual;
    }, 4000);
  });
}

for (const counter of document.querySelectorAll("[data-counts]")) {
  const field = document.getElementById(counter.dataset.counts);
  const count = () => {
    counter.textContent = counter.dataset.left.replace("…", String(field.maxLength - field.value.length));
  };
  field.addEventListener("input", count);
  count();
}
