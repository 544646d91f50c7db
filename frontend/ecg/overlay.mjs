/** What is drawn over or under the traces: findings, beats, intervals, marks of time, calipers. `px` is CSS pixels per mm. */

import { font, stroke, WARN, write } from "./draw.mjs";
import { partFindings } from "./paper.mjs";

const MARK = "#0b57b0";
const SEVERITY = { critical: "200,20,30", urgent: "215,110,0", abnormal: "150,105,0", technical: "90,90,100" };
const tintOf = (severity) => SEVERITY[severity] ?? "60,90,140";
const INTERVALS = [["PR", "p_on", "qrs_on", "#1b7a3d"], ["QRS", "qrs_on", "j", "#a3262a"], ["QT", "qrs_on", "t_end", "#5a2ca0"]];
const triangle = (pen, x, y) => {
  pen.beginPath();
  pen.moveTo(x, y - 5);
  pen.lineTo(x - 4, y + 2);
  pen.lineTo(x + 4, y + 2);
  pen.fill();
};

const rowOf = (sheet, cell) => sheet.cells.filter((one) => one.row === cell?.row && one.index >= 0);
const strip = (sheet) => sheet.cells.find((cell) => cell.rhythm);

/** Beats as ticks under the first strip, else under the lowest row, and between them a bar with the time in ms. */
export function drawBeats(pen, sheet, beats, scale, px) {
  const small = Math.max(9, Math.min(2.3 * px, 12));
  for (const cell of rowOf(sheet, strip(sheet) ?? sheet.cells.at(-1))) {
    const inside = beats.filter((s) => s >= cell.from && s < cell.to);
    const y = (cell.baseline + Math.min(sheet.rowHeight * 0.5, 11)) * px;
    inside.forEach((s, i) => {
      const x = (cell.x0 + (s - cell.from) * scale.speed) * px;
      pen.fillStyle = MARK;
      triangle(pen, x, y);
      const next = inside[i + 1];
      const width = (next - s) * scale.speed * px;
      if (next === undefined || width < 26) return;
      pen.strokeStyle = MARK;
      pen.lineWidth = 1;
      stroke(pen, [[x + 5, y], [x + width - 5, y]], 1);
      write(pen, String(Math.round((next - s) * 1000)), x + width / 2, y + 4, { colour: MARK, face: font(small), align: "center" });
    });
  }
}

/**
 * PR, QRS and QT of the dominant beat, laid over the strip (else over lead II) at each beat it was made of.
 *
 * @param {{beats_s: number[], r_ms: number, marks: Record<string, number|null>}} beat ms from the start of the beat's window
 */
export function drawIntervals(pen, sheet, { beats_s: beats, r_ms: rMs, marks }, { speed }, px) {
  const face = font(Math.max(9, Math.min(2.1 * px, 11)), 600);
  const own = strip(sheet) ?? sheet.cells.find((cell) => cell.lead === "II" && cell.index >= 0) ?? sheet.cells.at(-1);
  for (const cell of rowOf(sheet, own)) {
    let named = 0;
    for (const beat of beats) {
      const at = (name) => (Number.isFinite(marks[name]) ? beat + (marks[name] - rMs) / 1000 : null);
      INTERVALS.forEach(([name, from, to, colour], i) => {
        const [a, b] = [at(from), at(to)];
        if (a === null || b === null || b <= a || a < cell.from || b > cell.to) return;
        const [x0, x1] = [a, b].map((s) => (cell.x0 + (s - cell.from) * speed) * px);
        const y = (cell.baseline - Math.min(sheet.rowHeight * 0.3, 8) + [0, 0, 2.2][i]) * px;
        pen.strokeStyle = colour;
        pen.lineWidth = 2;
        stroke(pen, [[x0, y], [x1, y]], 1);
        pen.lineWidth = 1;
        for (const x of [x0, x1]) stroke(pen, [[x, y - 3], [x, cell.baseline * px + 3]], 1);
        if (named < 3) write(pen, `${name} ${Math.round(marks[to] - marks[from])}`, (x0 + x1) / 2, y + [-4, -15, 12][i], { colour, face, align: "center" });
        named += 1;
      });
    }
  }
}

/** Marks of time through all rows, of a panel beside the paper. */
export function drawTimes(pen, sheet, times, { speed }, px) {
  for (const { s, colour = MARK, label = "" } of times) {
    let named = false;
    for (const cell of sheet.cells) {
      if (s < cell.from || s > cell.to || cell.index < 0) continue;
      const x = (cell.x0 + (s - cell.from) * speed) * px;
      const top = (sheet.top + cell.row * sheet.rowHeight) * px;
      pen.strokeStyle = colour;
      pen.lineWidth = 1.25;
      stroke(pen, [[x, top], [x, top + sheet.rowHeight * px]], 1);
      if (label && !named) write(pen, label, x + 3, top + 11, { colour, face: font(11, 600) });
      named = true;
    }
  }
}

/**
 * Findings that have a place, as tinted stretches over every lead they cover; what holds for the whole recording is one
 * line of labels above the first row, because paper tinted from end to end hides the trace and shows no place.
 */
export function drawFindings(pen, sheet, findings, { speed, seconds }, px) {
  const { placed, everywhere } = partFindings(findings, seconds);
  const face = font(12, 600);
  const above = sheet.top * px - 4;
  let x = sheet.left * px + 2;
  for (const { severity, label } of everywhere) {
    if (!label) continue;
    write(pen, label, x, above, { colour: `rgb(${tintOf(severity)})`, face });
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
      if (!named && label) write(pen, label, left + 2, free ? above : top + 12, { colour: `rgb(${tint})`, face });
      named = true;
    }
  }
}

/**
 * One caliper: its box and ends, its reading when it is the chosen one, its repetitions when it marches.
 *
 * @param {{a: {x: number, y: number}, b: {x: number, y: number}}} ends mm
 * @param {string[]} lines the reading
 * @param {{px: number, chosen: boolean, march: boolean, limits: {x0: number, x1: number, y0: number, y1: number}, view:
 *   import("./draw.mjs").View}} how limits in mm: the row it belongs to
 */
export function drawCaliper(pen, { a, b }, lines, { px, chosen, march, limits, view }) {
  const [x0, x1] = [Math.min(a.x, b.x) * px, Math.max(a.x, b.x) * px];
  const [y0, y1] = [Math.min(a.y, b.y) * px, Math.max(a.y, b.y) * px];
  pen.strokeStyle = chosen ? MARK : "rgba(11,87,176,.65)";
  pen.lineWidth = chosen ? 1.25 : 1;
  if (march && x1 - x0 > 6) {
    pen.setLineDash([5, 4]);
    for (const way of [-1, 1]) {
      for (let x = (way < 0 ? x0 : x1) + way * (x1 - x0); x > limits.x0 * px && x < limits.x1 * px; x += way * (x1 - x0)) {
        stroke(pen, [[x, limits.y0 * px], [x, limits.y1 * px]], 1);
      }
    }
    pen.setLineDash([]);
  }
  pen.fillStyle = `rgba(11,87,176,${chosen ? 0.1 : 0.05})`;
  pen.fillRect(x0, y0, x1 - x0, y1 - y0);
  pen.strokeRect(x0, y0, x1 - x0, y1 - y0);
  for (const x of [x0, x1]) stroke(pen, [[x, y0 - 8], [x, y1 + 8]], 1);
  if (chosen) {
    pen.fillStyle = MARK;
    for (const end of [a, b]) pen.fillRect(end.x * px - 3.5, end.y * px - 3.5, 7, 7);
  }
  if (!lines.length) return;
  if (!chosen) {
    write(pen, lines[0], (x0 + x1) / 2, y0 - 10, { colour: MARK, face: font(11, 600), align: "center" });
    return;
  }
  pen.font = font(13, 600);
  const width = Math.max(...lines.map((line) => pen.measureText(line).width)) + 14;
  const height = lines.length * 18 + 6;
  const left = x1 + 8 + width > view.x + view.wide ? Math.max(view.x + 2, x0 - width - 8) : x1 + 8;
  const top = Math.min(Math.max(view.y + 2, y0), view.y + view.high - height - 2);
  pen.fillStyle = "rgba(11,87,176,.95)";
  pen.fillRect(left, top, width, height);
  pen.fillStyle = "#fff";
  pen.textAlign = "left";
  lines.forEach((line, i) => pen.fillText(line, left + 7, top + 17 + i * 18));
}

/** A warning across the upper edge of the paper. */
export function drawWarning(pen, text, sheet, px) {
  if (text) write(pen, text, (sheet.width - 4) * px, 14, { colour: WARN, face: font(12, 600), align: "right" });
}
