/** Canvases filled by ourselves from the values: the first sight of a film, greys while dragging, and the magnifier. */

import { make } from "../page/elements.mjs";
import { greyTable } from "./grey.mjs";
import { fittedFrame, paintGreys, sampleView } from "./sample.mjs";

const LENS = 260; // CSS pixels
const LENS_POWER = 2.5;

function painter(canvas) {
  let image = null;
  return (samples, width, height, table, min) => {
    if (canvas.width !== width || canvas.height !== height || !image) {
      canvas.width = width;
      canvas.height = height;
      image = canvas.getContext("2d").createImageData(width, height);
    }
    paintGreys(samples, table, min, new Uint32Array(image.data.buffer));
    canvas.getContext("2d").putImageData(image, 0, 0);
  };
}

/** Covers the viewport while greys are dragged; the look-up is the same as the one behind it. */
export function dragProxy(stage) {
  const canvas = make("canvas", { class: "wb-proxy", hidden: true });
  const paint = painter(canvas);
  let held = null;
  return {
    element: canvas,
    active: () => held !== null,
    show(greys, invert) {
      const below = stage.canvas();
      const { picture } = greys;
      if (!held) {
        const ratio = below.width / below.clientWidth;
        held = { width: below.width, height: below.height, samples: sampleView(picture, stage.frame(ratio), below.width, below.height) };
        canvas.style.width = `${below.clientWidth}px`;
        canvas.style.height = `${below.clientHeight}px`;
        if (canvas.previousSibling !== below) below.after(canvas); // under the annotations
      }
      paint(held.samples, held.width, held.height, greyTable(greys.range, invert, picture.min, picture.max), picture.min);
      canvas.hidden = false;
    },
    hide() {
      held = null;
      canvas.hidden = true;
    },
  };
}

/** The whole film in full depth, seen while Cornerstone's processor draws all of its pixels: that takes far longer. */
export function firstSight(screen) {
  const canvas = make("canvas", { class: "wb-sight", hidden: true });
  const paint = painter(canvas);
  return {
    element: canvas,
    show({ picture, range }, invert, size) {
      const ratio = window.devicePixelRatio || 1;
      const [width, height] = [screen.clientWidth, screen.clientHeight].map((side) => Math.round(side * ratio));
      if (width === 0 || height === 0) return;
      const samples = sampleView(picture, fittedFrame(picture, size, width, height), width, height);
      paint(samples, width, height, greyTable(range, invert, picture.min, picture.max), picture.min);
      canvas.hidden = false;
    },
    hide: () => (canvas.hidden = true),
  };
}

/** A square that follows the pointer and shows the film itself enlarged, not the screen. */
export function magnifier(stage) {
  const canvas = make("canvas", { class: "wb-lens", hidden: true });
  const paint = painter(canvas);
  return {
    element: canvas,
    show([x, y], greys, invert) {
      const { picture } = greys;
      const ratio = window.devicePixelRatio || 1;
      const size = Math.round(LENS * ratio);
      const here = stage.frame(ratio, [x, y]);
      const [across, down] = [here.across, here.down].map((step) => step.map((v) => v / LENS_POWER));
      const corner = { x: here.x - (size / 2) * (across[0] + down[0]), y: here.y - (size / 2) * (across[1] + down[1]), across, down };
      const samples = sampleView(picture, corner, size, size);
      paint(samples, size, size, greyTable(greys.range, invert, picture.min, picture.max), picture.min);
      Object.assign(canvas.style, { width: `${LENS}px`, height: `${LENS}px`, left: `${x - LENS / 2}px`, top: `${y - LENS / 2}px` });
      canvas.hidden = false;
    },
    hide: () => (canvas.hidden = true),
  };
}
