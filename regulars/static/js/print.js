// The receipt's print button, for who has scripts.

const button = document.getElementById("print");
button.hidden = false;
button.addEventListener("click", () => { print(); });
