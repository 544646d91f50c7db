/** Putting paper and traces on canvases. All positions come from paper.mjs in mm; `px` is CSS pixels per mm. */

import { partFindings, pulseOutline, toPaper } from "./paper.mjs";
import { gapsOf } from "./trace.mjs";

const PAPER = "#fff7f4";
const THIN = "#f9dcd6";
const THICK = "#eba9a0";
const INK = "#15161a";
const MARK = "#0b57b0";
const WARN = "#b00020";
const SEVERITY = { critical: "200,20,30", urgent: "215,110,0", abnormal: "150,105,0", technical: "90,90,100" };
const tintOf = (severity) => SEVERITY[severity] ?? "60,90,140";
const FONT = '"Noto Sans SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif';

/** Give a canvas a size in CSS pixels and return its context in that unit. */
export function size(canvas, width, height, ratio) {
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${canvas.width / ratio}px`;
  canvas.style.height = `${canvas.height / ratio}px`;
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  return pen;
}

/** The grid: every line on whole device pixels, so it is crisp; at most half a device pixel from its true place. */
export function drawPaper(pen, { width, height }, px, ratio) {
  const device = px * ratio;
  const [across, down] = [Math.round(width * device), Math.round(height * device)];
  pen.save();
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.fillStyle = PAPER;
  pen.fillRect(0, 0, across, down);
  const thick = Math.max(1, Math.round(ratio * (px > 5 ? 1.5 : 1)));
  for (const [step, colour, line] of [[1, THIN, Math.max(1, Math.round(ratio * 0.6))], [5, THICK, thick]]) {
    if (step * device < 3) continue; // lines that touch are a tint, not a grid
    pen.fillStyle = colour;
    for (let mm = 0; mm <= width; mm += step) pen.fillRect(Math.round(mm * device), 0, line, down);
    for (let mm = 0; mm <= height; mm += step) pen.fillRect(0, Math.round(mm * device), across, line);
  }
  pen.restore();
}

function stroke(pen, points, px) {
  pen.beginPath();
  points.forEach(([x, y], i) => (i ? pen.lineTo(x * px, y * px) : pen.moveTo(x * px, y * px)));
  pen.stroke();
}

function drawLead(pen, cell, tracing, lead, scale, px) {
  const first = Math.max(0, Math.ceil(cell.from * tracing.rate - 1e-6));
  const last = Math.min(lead.length - 1, Math.floor(cell.to * tracing.rate - 1e-6));
  pen.beginPath();
  let down = false;
  for (let i = first; i <= last; i++) {
    if (Number.isNaN(lead[i])) {
      down = false;
      continue;
    }
    const at = toPaper(cell, i / tracing.rate, lead[i], scale);
    if (down) pen.lineTo(at.x * px, at.y * px);
    else pen.moveTo(at.x * px, at.y * px);
    down = true;
  }
  pen.stroke();
}

/** A hatched band says that nothing was recorded; a flat line would say something else. */
function drawGaps(pen, cell, gaps, px) {
  for (const [from, to] of gaps) {
    const [a, b] = [Math.max(from, cell.from), Math.min(to, cell.to)];
    if (b <= a) continue;
    const speed = (cell.x1 - cell.x0) / (cell.to - cell.from);
    const [x0, x1, y] = [cell.x0 + (a - cell.from) * speed, cell.x0 + (b - cell.from) * speed, cell.baseline];
    pen.save();
    pen.beginPath();
    pen.rect(x0 * px, (y - 1.5) * px, (x1 - x0) * px, 3 * px);
    pen.clip();
    pen.strokeStyle = "rgba(120,60,60,.55)";
    pen.lineWidth = 1;
    for (let x = x0 - 3; x < x1; x += 1.5) stroke(pen, [[x, y + 1.5], [x + 3, y - 1.5]], px);
    pen.restore();
  }
}

/** Text on paper with a paper-coloured edge, so that grid and trace do not run through it. */
function write(pen, text, x, y, { colour = INK, font, align = "left" }) {
  pen.font = font;
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
 * @param {import("./trace.mjs").Tracing & {shown: Float32Array[]}} tracing shown: leads after the chosen filter
 * @param {{speed: number, gain: number}} scale
 * @param {{px: number, noLead: string}} look
 */
export function drawTraces(pen, sheet, tracing, scale, { px, noLead }) {
  pen.strokeStyle = INK;
  pen.lineWidth = Math.max(1, Math.min(0.27 * px, 2));
  pen.lineJoin = "round";
  for (const pulse of sheet.pulses) stroke(pen, pulseOutline(pulse, scale), px);
  for (const cell of sheet.cells) {
    if (cell.index < 0 || cell.to <= cell.from) continue;
    drawLead(pen, cell, tracing, tracing.shown[cell.index], scale, px);
    drawGaps(pen, cell, gapsOf(tracing.leads[cell.index], tracing.rate), px);
  }
  const big = Math.max(11, Math.min(3.4 * px, 17));
  const up = Math.min(sheet.rowHeight * 0.36, 9);
  for (const cell of sheet.cells) {
    const y = (cell.baseline - up) * px;
    if (cell.column > 0) {
      pen.lineWidth = 1;
      pen.strokeStyle = INK;
      stroke(pen, [[cell.x0, cell.baseline - 3], [cell.x0, cell.baseline - 1]], px);
      stroke(pen, [[cell.x0, cell.baseline + 1], [cell.x0, cell.baseline + 3]], px);
    }
    const absent = cell.index < 0;
    const name = tracing.derived.includes(cell.lead) ? `${cell.lead}*` : cell.lead;
    write(pen, absent ? `${name} ${noLead}` : name, (cell.x0 + 1) * px, y, {
      colour: absent ? WARN : INK, font: `600 ${big}px ${FONT}`,
    });
  }
}

/** Beats as ticks under the lowest row, with the time between them. */
export function drawBeats(pen, sheet, beats, scale, px) {
  const row = sheet.cells.filter((cell) => cell.row === sheet.cells.at(-1).row);
  const small = Math.max(9, Math.min(2.3 * px, 12));
  pen.fillStyle = MARK;
  for (const cell of row) {
    const inside = beats.filter((s) => s >= cell.from && s < cell.to);
    const y = cell.baseline + Math.min(sheet.rowHeight * 0.5, 11);
    inside.forEach((s, i) => {
      const x = cell.x0 + (s - cell.from) * scale.speed;
      pen.fillStyle = MARK;
      pen.beginPath();
      pen.moveTo(x * px, y * px - 5);
      pen.lineTo(x * px - 4, y * px + 2);
      pen.lineTo(x * px + 4, y * px + 2);
      pen.fill();
      const next = inside[i + 1];
      if (next === undefined || (next - s) * scale.speed * px < 40) return;
      const middle = (x + ((next - s) * scale.speed) / 2) * px;
      write(pen, String(Math.round((next - s) * 1000)), middle, y * px + 3, {
        colour: MARK, font: `${small}px ${FONT}`, align: "center",
      });
    });
  }
}

/**
 * Findings that have a place, as tinted stretches over every lead they cover; what holds for the whole recording is one
 * line of labels above the first row, because paper tinted from end to end hides the trace and shows no place.
 */
export function drawFindings(pen, sheet, findings, { speed, seconds }, px) {
  const { placed, everywhere } = partFindings(findings, seconds);
  const font = `600 12px ${FONT}`;
  const above = sheet.top * px - 4;
  let x = sheet.left * px + 2;
  for (const { severity, label } of everywhere) {
    if (!label) continue;
    write(pen, label, x, above, { colour: `rgb(${tintOf(severity)})`, font });
    x += pen.measureText(label).width + 16;
  }
  for (const { place, severity, label } of placed) {
    const tint = tintOf(severity);
    let named = false;
    for (const cell of sheet.cells) {
      const [from, to] = [Math.max(place.from_s, cell.from), Math.min(place.to_s, cell.to)];
      if (to <= from || (place.lead && place.lead !== cell.lead)) continue;
      const left = (cell.x0 + (from - cell.from) * speed) * px;
      const top = (sheet.top + cell.row * sheet.rowHeight) * px;
      pen.fillStyle = `rgba(${tint},.13)`;
      pen.fillRect(left, top, (to - from) * speed * px, sheet.rowHeight * px);
      const free = cell.row === 0 && everywhere.length === 0;
      if (!named && label) write(pen, label, left + 2, free ? above : top + 12, { colour: `rgb(${tint})`, font });
      named = true;
    }
  }
}

/** The line every printed sheet carries; parts with `warn` are red. */
export function drawFooter(pen, sheet, parts, px) {
  const font = `${Math.max(10, Math.min(2.8 * px, 13))}px ${FONT}`;
  let x = 3 * px;
  for (const { text, warn } of parts) {
    write(pen, text, x, (sheet.height - 3) * px, { colour: warn ? WARN : "#4a3a3a", font });
    x += pen.measureText(text).width + 16;
  }
  return x / px <= sheet.width;
}

/** The caliper box, its reading, and its repetitions when it marches. */
export function drawCaliper(pen, { a, b }, lines, { px, march, limits }) {
  const [x0, x1] = [Math.min(a.x, b.x) * px, Math.max(a.x, b.x) * px];
  const [y0, y1] = [Math.min(a.y, b.y) * px, Math.max(a.y, b.y) * px];
  pen.strokeStyle = MARK;
  pen.lineWidth = 1.25;
  if (march && x1 - x0 > 6) {
    pen.setLineDash([5, 4]);
    for (const way of [-1, 1]) {
      for (let x = x0 + way * (x1 - x0); x > limits.x0 * px && x < limits.x1 * px; x += way * (x1 - x0)) {
        if (x === x1) continue;
        stroke(pen, [[x, limits.y0 * px], [x, limits.y1 * px]], 1);
      }
    }
    pen.setLineDash([]);
  }
  pen.fillStyle = "rgba(11,87,176,.10)";
  pen.fillRect(x0, y0, x1 - x0, y1 - y0);
  pen.strokeRect(x0, y0, x1 - x0, y1 - y0);
  pen.font = `600 13px ${FONT}`;
  const width = Math.max(...lines.map((line) => pen.measureText(line).width)) + 14;
  const height = lines.length * 18 + 6;
  const left = x1 + 8 + width > limits.width * px ? Math.max(2, x0 - width - 8) : x1 + 8;
  const top = Math.min(Math.max(2, y0), limits.height * px - height - 2);
  pen.fillStyle = "rgba(11,87,176,.95)";
  pen.fillRect(left, top, width, height);
  pen.fillStyle = "#fff";
  pen.textAlign = "left";
  lines.forEach((line, i) => pen.fillText(line, left + 7, top + 17 + i * 18));
}
