/** The bar under a long recording: where the window is, beats as ticks, and a handle to move it. */

import { make } from "../page/elements.mjs";

/**
 * @param {(source: string) => string} t
 * @param {(start: number) => void} go
 */
export function scrubBar(t, go) {
  const canvas = make("canvas");
  const thumb = make("div", { class: "wb-thumb" });
  const element = make("div", { class: "wb-scrub", role: "slider", tabIndex: -1, "aria-label": t("Time in the recording"), hidden: true }, canvas, thumb);
  let shown = { seconds: 0, from: 0, to: 0 };
  let drawn = "";
  let grip = null;
  const at = (event) => {
    const box = element.getBoundingClientRect();
    return ((event.clientX - box.left) / box.width) * shown.seconds;
  };
  element.addEventListener("pointerdown", (event) => {
    element.setPointerCapture(event.pointerId);
    const s = at(event);
    const span = shown.to - shown.from;
    grip = s >= shown.from && s <= shown.to ? s - shown.from : span / 2;
    go(s - grip);
    event.preventDefault();
  });
  element.addEventListener("pointermove", (event) => grip !== null && go(at(event) - grip));
  for (const end of ["pointerup", "pointercancel"]) element.addEventListener(end, () => (grip = null));
  return {
    element,
    /** @param {{seconds: number, from: number, to: number, beats: number[], id: string}} what */
    show({ seconds, from, to, beats, id }) {
      shown = { seconds, from, to };
      element.hidden = to - from >= seconds - 0.05;
      if (element.hidden) return;
      thumb.style.left = `${(100 * from) / seconds}%`;
      thumb.style.width = `${(100 * (to - from)) / seconds}%`;
      for (const [name, value] of [["min", 0], ["max", Math.round(seconds)], ["now", Math.round(from)]]) element.setAttribute(`aria-value${name}`, value);
      element.setAttribute("aria-valuetext", `${from.toFixed(0)}–${to.toFixed(0)} s`);
      const { offsetWidth: wide, offsetHeight: high } = element;
      const key = [id, wide, high, beats.length].join("|");
      if (key === drawn) return;
      drawn = key;
      Object.assign(canvas, { width: wide, height: high });
      const pen = canvas.getContext("2d");
      pen.fillStyle = "#5f86ad";
      for (const s of beats) pen.fillRect(Math.round((s / seconds) * wide), high * 0.35, 1, high * 0.3);
    },
  };
}
