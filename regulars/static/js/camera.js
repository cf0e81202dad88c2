// Reads codes by the camera, where the browser itself can; what it reads goes the way of a scan.

const button = document.getElementById("camera");
const dialog = document.getElementById("camera-dialog");
const view = document.getElementById("camera-view");
const said = document.getElementById("camera-said");
const form = document.getElementById("sale");

const LOOK_EVERY_MS = 120;

let stream = null;

const stop = () => {
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
  view.srcObject = null;
};

const scanned = (code) => {
  dialog.close();
  document.getElementById("q").value = code;
  form.requestSubmit(form.querySelector("button[value='scan']"));
};

const look = async (detector) => {
  if (!stream) return;
  const [found] = view.readyState >= 2 ? await detector.detect(view).catch(() => []) : [];
  if (!stream) return;
  if (found?.rawValue) scanned(found.rawValue);
  else setTimeout(look, LOOK_EVERY_MS, detector);
};

const start = async () => {
  said.textContent = dialog.dataset.hint;
  dialog.showModal();
  try {
    const opened = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    stream = opened;
    if (!dialog.open) return stop();
    view.srcObject = opened;
    await view.play();
    look(new BarcodeDetector());
  } catch (problem) {
    stop();
    said.textContent = problem.name === "NotAllowedError" ? dialog.dataset.refused : dialog.dataset.missing;
  }
};

if ("BarcodeDetector" in window && navigator.mediaDevices?.getUserMedia) {
  button.hidden = false;
  button.addEventListener("click", start);
  dialog.addEventListener("close", stop);
}
