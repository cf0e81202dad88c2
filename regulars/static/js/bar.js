// The till's bar: its clock goes on, and a till that nobody touches locks itself.

const clock = document.querySelector("[data-clock]");
const lock = document.getElementById("till-lock");
const stillSeconds = Number(document.documentElement.dataset.locksAfter);
let touchedAt = Date.now();

const tell = () => {
  const { clock: timeZone, hours } = clock.dataset;
  const parts = { hour: hours === "24" ? "2-digit" : "numeric", minute: "2-digit", hourCycle: hours === "24" ? "h23" : "h12" };
  clock.textContent = new Intl.DateTimeFormat(document.documentElement.lang, { ...parts, timeZone }).format();
};

for (const touch of ["pointerdown", "keydown"]) {
  document.addEventListener(touch, () => { touchedAt = Date.now(); }, { passive: true });
}

// The server locks by the requests that it sees; this hides what stands on the screen.
setInterval(() => {
  if (clock) tell();
  if (stillSeconds && lock && Date.now() - touchedAt >= stillSeconds * 1000) lock.requestSubmit();
}, 10_000);
