/** Which screen this is: calibration belongs to one screen of one workstation, for screens of one resolution differ in size. */

const OWN = "wb-display";

/** A name of this browser on this workstation, made once; without storage it lasts as long as the page. */
function workstation(storage) {
  const made = [...crypto.getRandomValues(new Uint8Array(6))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  try {
    const known = storage.getItem(OWN);
    if (/^[0-9a-f]{12}$/.test(known ?? "")) return known;
    storage.setItem(OWN, made);
  } catch {
    /* storage is switched off: the step is asked for again on the next page */
  }
  return made;
}

/**
 * @param {Window} view
 * @returns {() => string} the key of the screen on which the window is now; zoom of the page does not change it
 */
export function displayOf(view) {
  const here = workstation(view.localStorage);
  // Firefox counts the screen in zoomed pixels, the others do not
  const zoomed = view.CSS?.supports?.("-moz-appearance", "none") ?? false;
  return () => {
    const { width, height, availLeft = 0, availTop = 0 } = view.screen;
    const unit = zoomed ? view.devicePixelRatio || 1 : 1;
    return `${here}:${Math.round(width * unit)}x${Math.round(height * unit)}@${Math.round(availLeft * unit)},${Math.round(availTop * unit)}`;
  };
}
