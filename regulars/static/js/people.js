// Forms about people: a scanner's Enter goes on to the next field, and what was made can be printed.

document.addEventListener("keydown", (event) => {
  const box = event.target;
  if (event.key !== "Enter" || !box.dataset.scan) return;
  event.preventDefault();
  const fields = [...box.form.querySelectorAll("input:not([type=hidden]), select, button:not(.unseen)")];
  fields[fields.indexOf(box) + 1]?.focus();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
});
