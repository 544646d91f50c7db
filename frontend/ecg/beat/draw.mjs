/** Putting averaged beats on canvases. All positions come from geometry.mjs in mm. */

import { levelsAt, xOf, yOf } from "./geometry.mjs";

const INK = "#15161a";
const MARK = "#0b57b0";
const FONT = '"Noto Sans SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif';

/**
 * Draw leads over each other.
 *
 * @param {CanvasRenderingContext2D} pen
 * @param {import("./geometry.mjs").Panel} panel
 * @param {{leads: Record<string, ArrayLike<number>>, rate: number, levels?: Record<string, number>}} beat
 * @param {{names: string[], bright?: Set<string>, hover?: string|null, dash?: number[], colour?: string, rightMs?: number}} look
 *   leads outside `bright` (when it holds any) stay as a faint ground; rightMs moves the whole beat
 */
export function drawBeat(pen, panel, beat, { names, bright = new Set(), hover = null, dash = [], colour = INK, rightMs = 0 }) {
  const levels = beat.levels ?? levelsAt(beat.leads, beat.rate, null);
  const faint = names.filter((name) => bright.size && !bright.has(name) && name !== hover);
  const plain = names.filter((name) => !faint.includes(name) && name !== hover);
  pen.save();
  pen.lineJoin = "round";
  pen.strokeStyle = colour;
  pen.setLineDash(dash);
  const one = (name, width, alpha) => {
    pen.lineWidth = width;
    pen.globalAlpha = alpha;
    trace(pen, panel, beat, name, levels[name], rightMs);
  };
  faint.forEach((name) => one(name, 1, 0.13));
  plain.forEach((name) => one(name, bright.size ? 1.8 : 1.2, 0.95));
  if (hover !== null) one(hover, 2.6, 1);
  pen.restore();
}

function trace(pen, panel, { leads, rate }, name, level, rightMs) {
  const lead = leads[name];
  let down = false;
  pen.beginPath();
  for (let i = 0; i < lead.length; i++) {
    if (Number.isNaN(lead[i])) {
      down = false; // a gap stays a gap
      continue;
    }
    const x = xOf(panel, (i * 1000) / rate + rightMs) * panel.px;
    const y = yOf(panel, lead[i] - level) * panel.px;
    if (down) pen.lineTo(x, y);
    else pen.moveTo(x, y);
    down = true;
  }
  pen.stroke();
}

/** A name beside the pointer, on a ground of its own. */
export function drawName(pen, text, { x, y }, width) {
  pen.save();
  pen.font = `600 14px ${FONT}`;
  const wide = pen.measureText(text).width + 12;
  const left = x + 14 + wide > width ? x - 14 - wide : x + 14;
  pen.fillStyle = "rgba(11,87,176,.95)";
  pen.fillRect(left, Math.max(2, y - 26), wide, 22);
  pen.fillStyle = "#fff";
  pen.fillText(text, left + 6, Math.max(2, y - 26) + 16);
  pen.restore();
}

/** The pulse of 1 mV at the left edge and what the paper is: speed and gain stand on every panel. */
export function drawScale(pen, panel, text) {
  const { px, gain, zero, height } = panel;
  pen.save();
  pen.strokeStyle = INK;
  pen.lineWidth = 1.5;
  pen.beginPath();
  const foot = Math.min(zero, height - 2);
  [[1, foot], [2, foot], [2, foot - gain], [4, foot - gain], [4, foot], [5, foot]]
    .forEach(([x, y], i) => (i ? pen.lineTo(x * px, y * px) : pen.moveTo(x * px, y * px)));
  pen.stroke();
  pen.font = `12px ${FONT}`;
  pen.lineWidth = 3;
  pen.strokeStyle = "#fff7f4";
  pen.strokeText(text, 6, height * px - 6);
  pen.fillStyle = "#4a3a3a";
  pen.fillText(text, 6, height * px - 6);
  pen.restore();
}

/** Line of one mark through all leads; `chosen` is the one with the focus. */
export function drawMark(pen, panel, ms, chosen) {
  const x = xOf(panel, ms) * panel.px;
  pen.save();
  pen.strokeStyle = MARK;
  pen.lineWidth = chosen ? 2.2 : 1.2;
  if (!chosen) pen.setLineDash([6, 3]);
  pen.beginPath();
  pen.moveTo(x, 0);
  pen.lineTo(x, panel.height * panel.px);
  pen.stroke();
  pen.restore();
}

/** Thin spans between marks at the lower edge: what PR, QRS and QT measure. */
export function drawSpans(pen, panel, spans) {
  pen.save();
  pen.strokeStyle = pen.fillStyle = MARK;
  pen.lineWidth = 1.5;
  pen.font = `600 12px ${FONT}`;
  spans.forEach(({ from, to, text, row }) => {
    const [a, b] = [xOf(panel, from) * panel.px, xOf(panel, to) * panel.px];
    const y = panel.height * panel.px - 26 - row * 17;
    pen.beginPath();
    for (const [x0, y0, x1, y1] of [[a, y, b, y], [a, y - 4, a, y + 4], [b, y - 4, b, y + 4]]) {
      pen.moveTo(x0, y0);
      pen.lineTo(x1, y1);
    }
    pen.stroke();
    const wide = pen.measureText(text).width;
    const followed = spans.some((one) => one.row === row && one.from >= to); // then its line and words stand at the right
    const beside = followed ? Math.max(2, a - wide - 6) : b + 6;
    const x = wide + 8 < b - a ? (a + b - wide) / 2 : beside;
    pen.save();
    pen.lineWidth = 4;
    pen.strokeStyle = "#fff7f4";
    pen.strokeText(text, x, y - 3);
    pen.restore();
    pen.fillText(text, x, y - 3);
  });
  pen.restore();
}
