/**
 * Putting paper and traces on canvases. All positions come from paper.mjs in mm; `px` is CSS pixels per mm. A canvas is as
 * large as the window on the sheet, not as the sheet: `view` says which part is seen, and only that part is drawn.
 *
 * @typedef {{px: number, ratio: number, x: number, y: number, wide: number, high: number}} View CSS pixels; x and y are the
 *   upper left corner of the window on the sheet, on whole device pixels
 */

import { pulseOutline } from "./paper.mjs";

export const PAPER = "#fff7f4";
const THIN = "#f9dcd6";
const THICK = "#eba9a0";
export const INK = "#15161a";
export const WARN = "#b00020";
const FAMILY = '"Noto Sans SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif';
export const font = (px, weight = 400) => `${weight} ${px}px ${FAMILY}`;

/** Give a canvas the size of the window, wipe it, and return its pen in CSS pixels of the sheet. */
export function clean(canvas, { ratio, x, y, wide, high }) {
  const [across, down] = [Math.round(wide * ratio), Math.round(high * ratio)];
  if (canvas.width !== across || canvas.height !== down) { // setting a size allocates anew, even the same one
    canvas.width = across;
    canvas.height = down;
    canvas.style.width = `${across / ratio}px`;
    canvas.style.height = `${down / ratio}px`;
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.clearRect(0, 0, across, down);
  pen.setTransform(ratio, 0, 0, ratio, -x * ratio, -y * ratio);
  return pen;
}

/** The grid: every line on whole device pixels, so it is crisp; at most half a device pixel from its true place. */
export function drawPaper(pen, { width, height }, { px, ratio, x, y, wide, high }) {
  const device = px * ratio;
  const [left, top] = [x * ratio, y * ratio];
  const [across, down] = [Math.round(wide * ratio), Math.round(high * ratio)];
  pen.save();
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.fillStyle = PAPER;
  pen.fillRect(0, 0, across, down);
  const thick = Math.max(1, Math.round(ratio * (px > 5 ? 1.5 : 1)));
  for (const [step, colour, line] of [[1, THIN, Math.max(1, Math.round(ratio * 0.6))], [5, THICK, thick]]) {
    if (step * device < 3) continue; // lines that touch are a tint, not a grid
    pen.fillStyle = colour;
    const firstOf = (from) => Math.max(0, Math.floor(from / device / step) * step);
    for (let mm = firstOf(left); mm <= Math.min(width, (left + across) / device); mm += step) pen.fillRect(Math.round(mm * device - left), 0, line, down);
    for (let mm = firstOf(top); mm <= Math.min(height, (top + down) / device); mm += step) pen.fillRect(0, Math.round(mm * device - top), across, line);
  }
  pen.restore();
}

export function stroke(pen, points, px) {
  pen.beginPath();
  points.forEach(([x, y], i) => (i ? pen.lineTo(x * px, y * px) : pen.moveTo(x * px, y * px)));
  pen.stroke();
}

function drawLead(pen, cell, rate, lead, { speed, gain }, { px, x, wide }) {
  const seen = (at) => cell.from + (at / px - cell.x0) / speed;
  const first = Math.max(0, Math.ceil(Math.max(cell.from, seen(x)) * rate - 1e-6) - (seen(x) > cell.from ? 1 : 0));
  const last = Math.min(lead.length - 1, Math.floor(Math.min(cell.to * rate - 1e-6, seen(x + wide) * rate + 1)));
  const across = (speed * px) / rate;
  const up = (cell.inverted ? 1 : -1) * gain * px;
  const [left, middle] = [(cell.x0 - cell.from * speed) * px, cell.baseline * px];
  pen.beginPath();
  let down = false;
  for (let i = first; i <= last; i++) {
    const mv = lead[i];
    if (mv !== mv) down = false; // NaN: nothing was recorded
    else if (down) pen.lineTo(left + i * across, middle + mv * up);
    else {
      pen.moveTo(left + i * across, middle + mv * up);
      down = true;
    }
  }
  pen.stroke();
}

/** A hatched band says that nothing was recorded; a flat line would say something else. */
function drawGaps(pen, cell, gaps, { speed }, { px, x, wide }) {
  for (const [from, to] of gaps) {
    const [a, b] = [Math.max(from, cell.from), Math.min(to, cell.to)];
    if (b <= a) continue;
    const x0 = Math.max(cell.x0 + (a - cell.from) * speed, x / px - 3);
    const x1 = Math.min(cell.x0 + (b - cell.from) * speed, (x + wide) / px + 3);
    if (x1 <= x0) continue;
    const y = cell.baseline;
    pen.save();
    pen.beginPath();
    pen.rect(x0 * px, (y - 1.5) * px, (x1 - x0) * px, 3 * px);
    pen.clip();
    pen.strokeStyle = "rgba(120,60,60,.55)";
    pen.lineWidth = 1;
    for (let at = Math.floor(x0 / 1.5) * 1.5 - 3; at < x1; at += 1.5) stroke(pen, [[at, y + 1.5], [at + 3, y - 1.5]], px);
    pen.restore();
  }
}

/** Text on paper with a paper-coloured edge, so that grid and trace do not run through it. */
export function write(pen, text, x, y, { colour = INK, face, align = "left" }) {
  pen.font = face;
  pen.textAlign = align;
  pen.lineJoin = "round";
  pen.lineWidth = 3;
  pen.strokeStyle = PAPER;
  pen.strokeText(text, x, y);
  pen.fillStyle = colour;
  pen.fillText(text, x, y);
}

/**
 * Draw the traces, pulses and lead names of one sheet.
 *
 * @param {CanvasRenderingContext2D} pen
 * @param {import("./paper.mjs").Sheet} sheet
 * @param {{rate: number, shown: Float32Array[], gaps: [number, number][][], derived: string[]}} tracing shown: leads after
 *   the chosen filter
 * @param {import("./paper.mjs").Scale} scale
 * @param {View & {noLead: string}} view
 */
export function drawTraces(pen, sheet, { rate, shown, gaps, derived }, scale, view) {
  const { px, noLead } = view;
  pen.strokeStyle = INK;
  pen.lineWidth = Math.max(1, Math.min(0.27 * px, 2));
  pen.lineJoin = "bevel"; // rounds cost a third of the time and are not seen at this width
  for (const pulse of sheet.pulses) stroke(pen, pulseOutline(pulse, scale), px);
  const seen = (cell) => cell.x1 * px >= view.x && cell.x0 * px <= view.x + view.wide &&
    (cell.baseline + 3 * sheet.rowHeight) * px >= view.y && (cell.baseline - 3 * sheet.rowHeight) * px <= view.y + view.high;
  const cells = sheet.cells.filter((cell) => cell.index >= 0 && cell.to > cell.from && seen(cell));
  for (const cell of cells) drawLead(pen, cell, rate, shown[cell.index], scale, view);
  for (const cell of cells) drawGaps(pen, cell, gaps[cell.index], scale, view);
  const big = Math.max(11, Math.min(3.4 * px, 17));
  const up = Math.min(sheet.rowHeight * 0.36, 9);
  for (const cell of sheet.cells) {
    if (cell.column > 0) {
      pen.lineWidth = 1;
      pen.strokeStyle = INK;
      stroke(pen, [[cell.x0, cell.baseline - 3], [cell.x0, cell.baseline - 1]], px);
      stroke(pen, [[cell.x0, cell.baseline + 1], [cell.x0, cell.baseline + 3]], px);
    }
    const absent = cell.index < 0;
    const name = derived.includes(cell.lead) ? `${cell.name}*` : cell.name;
    const left = Math.max((cell.x0 + 1) * px, cell.column === 0 ? view.x + 2 : 0); // stays in sight while the sheet is moved
    write(pen, absent ? `${name} ${noLead}` : name, left, (cell.baseline - up) * px, { colour: absent ? WARN : INK, face: font(big, 600) });
  }
}

/** The line at the bottom of the sheet that says how it was drawn; what is too long for the width goes on above. */
export function drawFooter(pen, sheet, parts, { px, x, wide }) {
  const face = font(Math.max(10, Math.min(2.8 * px, 13)));
  pen.font = face;
  const [left, right] = [Math.max(3 * px, x + 4), Math.min(sheet.width * px, x + wide) - 4];
  const lines = [[]];
  let at = left;
  for (const part of parts) {
    const width = pen.measureText(part.text).width;
    if (at + width > right && at > left) {
      lines.push([]);
      at = left;
    }
    lines.at(-1).push({ ...part, at });
    at += width + 14;
  }
  lines.reverse().forEach((line, i) => line.forEach(({ text, warn, at: place }) =>
    write(pen, text, place, (sheet.height - 3) * px - i * 15, { colour: warn ? WARN : "#4a3a3a", face })));
}
