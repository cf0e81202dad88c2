// The screen stays on while the card is before a scanner, where the browser can do that.

let lock = null;

const keep = async () => {
  if (document.visibilityState !== "visible" || lock || !document.querySelector("[data-awake]")) return;
  try {
    lock = await navigator.wakeLock?.request("screen");
    lock?.addEventListener("release", () => { lock = null; });
  } catch {
    // The battery is low, say: then it goes dark as it always does.
  }
};

document.addEventListener("visibilitychange", keep);
keep();
