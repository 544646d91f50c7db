/**
 * Films drawn without a graphics card: the screen is sampled from the values, instead of turning all pixels of the film
 * into greys and shrinking those, which is what Cornerstone's processor does at every change. Also the magnifier.
 */

import { make } from "../page/elements.mjs";
import { report } from "../page/timing.mjs";
import { greyTable } from "./grey.mjs";
import { fittedFrame, paintGreys, sampleView } from "./sample.mjs";

const LENS = 260; // CSS pixels
const LENS_POWER = 2.5;

function painter() {
  let image = null;
  return (canvas, samples, table, min) => {
    const context = canvas.getContext("2d");
    if (image?.width !== canvas.width || image.height !== canvas.height) image = context.createImageData(canvas.width, canvas.height);
    paintGreys(samples, table, min, new Uint32Array(image.data.buffer));
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.putImageData(image, 0, 0);
  };
}

/** @type {WeakMap<object, {key: string, samples: Int32Array}>} films that come next, as the viewport will fit them */
const ahead = new WeakMap();

/** Two frames are one when no sample moves by a thousandth of a pixel across the whole canvas. */
const keyOf = ({ x, y, across, down }, width, height) =>
  [x, y, ...[...across, ...down].map((step) => step * 1000)].map((v) => Math.round(v * 100)).join() + `,${width},${height}`;

/**
 * Sample a film that nobody has asked for yet, so that showing it is looking greys up. Cornerstone's processor counts from
 * the corner of the first pixel, its marks and ours from the middle; the film lies where the marks are right.
 */
export function sampleAhead(picture, size, width, height) {
  const fitted = fittedFrame(picture, size, width, height);
  const frame = { ...fitted, x: fitted.x + 0.5, y: fitted.y + 0.5 };
  ahead.set(picture, { key: keyOf(frame, width, height), samples: sampleView(picture, frame, width, height) });
}

/** Draws one viewport; while only the greys change, the samples of the last drawing are used again. */
export function filmPainter() {
  const paint = painter();
  let held = null;
  return {
    /**
     * @param {HTMLCanvasElement} canvas
     * @param {{rows: number, columns: number, values: ArrayLike<number>, min: number, max: number}} picture
     * @param {import("./sample.mjs").Frame} frame of the samples
     * @param {{range: import("./grey.mjs").Range, invert: boolean}} greys
     */
    draw(canvas, picture, frame, { range, invert }) {
      const key = keyOf(frame, canvas.width, canvas.height);
      if (held?.picture !== picture || held.key !== key) {
        const made = ahead.get(picture);
        const ready = made?.key === key;
        held = { picture, key, samples: ready ? made.samples : sampleView(picture, frame, canvas.width, canvas.height) };
        report("film", { sampled: ready ? "ahead" : "now" });
      }
      paint(canvas, held.samples, greyTable(range, invert, picture.min, picture.max), picture.min);
    },
    forget: () => (held = null),
  };
}

/** A square that follows the pointer and shows the film itself enlarged, not the screen. */
export function magnifier(stage) {
  const canvas = make("canvas", { class: "wb-lens", hidden: true });
  const paint = painter();
  return {
    element: canvas,
    show([x, y], { picture, range }, invert) {
      const ratio = window.devicePixelRatio || 1;
      const size = Math.round(LENS * ratio);
      const here = stage.frame(ratio, [x, y]);
      const [across, down] = [here.across, here.down].map((step) => step.map((v) => v / LENS_POWER));
      const corner = { x: here.x - (size / 2) * (across[0] + down[0]), y: here.y - (size / 2) * (across[1] + down[1]), across, down };
      if (canvas.width !== size) canvas.width = canvas.height = size;
      paint(canvas, sampleView(picture, corner, size, size), greyTable(range, invert, picture.min, picture.max), picture.min);
      Object.assign(canvas.style, { width: `${LENS}px`, height: `${LENS}px`, left: `${x - LENS / 2}px`, top: `${y - LENS / 2}px` });
      canvas.hidden = false;
    },
    hide: () => (canvas.hidden = true),
  };
}
