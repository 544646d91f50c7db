/** The pattern on a canvas of which one pixel is one pixel of the screen, and the bar for the ruler. */

import { patternOf, sideOf } from "./pattern.mjs";

const grey = (value) => `rgb(${value},${value},${value})`;

/** Draw the pattern; greys are exact, only circles have soft edges. */
function draw(canvas, side) {
  canvas.width = side;
  canvas.height = side;
  const pen = canvas.getContext("2d", { alpha: false });
  const { ground, rects, circles } = patternOf(side);
  pen.fillStyle = grey(ground);
  pen.fillRect(0, 0, side, side);
  for (const circle of circles) {
    pen.strokeStyle = grey(circle.grey);
    pen.lineWidth = 1;
    pen.beginPath();
    pen.arc(circle.x, circle.y, circle.r, 0, 2 * Math.PI);
    pen.stroke();
  }
  for (const { x, y, w, h, grey: value } of rects) {
    pen.fillStyle = grey(value);
    pen.fillRect(x, y, w, h);
  }
}

/**
 * Keep the pattern as large as its room and on whole pixels of the screen.
 *
 * @param {HTMLElement} room
 * @param {HTMLCanvasElement} canvas
 * @returns {{side: () => number, refit: () => void}} side in device pixels
 */
export function sheet(room, canvas) {
  let drawn = "";
  function refit() {
    const ratio = window.devicePixelRatio || 1;
    const box = room.getBoundingClientRect();
    const side = sideOf(Math.floor(Math.min(box.width, box.height) * ratio));
    if (side <= 0) return;
    // the corner must lie on a whole pixel, or every line of the pattern is smeared over two
    const at = (from, whole) => (Math.ceil((from + (whole - side / ratio) / 2) * ratio - 1e-6) / ratio) - from;
    canvas.style.left = `${at(box.left, box.width)}px`;
    canvas.style.top = `${at(box.top, box.height)}px`;
    canvas.style.width = canvas.style.height = `${side / ratio}px`;
    if (drawn !== `${side}`) {
      draw(canvas, side);
      drawn = `${side}`;
    }
    canvas.dataset.side = String(side);
    canvas.dataset.ratio = String(ratio);
  }
  new ResizeObserver(refit).observe(room);
  window.addEventListener("resize", refit);
  refit();
  return { side: () => canvas.width, refit };
}

/**
 * A bar of a stated length, with a tick every centimetre.
 *
 * @param {HTMLElement} bar
 * @param {number} mm
 * @param {number|undefined} pxPerMm device pixels
 * @returns {boolean} whether it is shown: the screen is measured and wide enough
 */
export function ruler(bar, mm, pxPerMm) {
  const ratio = window.devicePixelRatio || 1;
  const long = pxPerMm > 0 ? Math.round(mm * pxPerMm) / ratio : NaN;
  bar.hidden = !(long <= document.documentElement.clientWidth);
  if (bar.hidden) return false;
  bar.style.width = `${long}px`;
  bar.replaceChildren(...Array.from({ length: Math.floor(mm / 10) + 1 }, (_, n) => {
    const tick = document.createElement("i");
    tick.style.left = `${(long * n * 10) / mm}px`;
    return tick;
  }));
  return true;
}
