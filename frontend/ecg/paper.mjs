/**
 * Geometry of ECG paper, in millimetres from the upper left corner of the sheet. Pure: no canvas, no page. Its twin for
 * the printed page is workbench/ecg/paper.py; both are held to tests/golden/ecg_paper.json.
 *
 * @typedef {{speed: number, gain: number}} Scale mm/s and mm/mV
 * @typedef {{lead: string, name: string, inverted: boolean, index: number, row: number, column: number, x0: number,
 *   x1: number, baseline: number, from: number, to: number, rhythm: boolean}} Cell one lead over one stretch of time; x and
 *   baseline in mm, from and to in seconds of the recording; index -1 when the recording does not hold the lead; an
 *   inverted one is drawn upside down and its name has a minus sign
 * @typedef {{width: number, height: number, left: number, top: number, rowHeight: number, cells: Cell[],
 *   pulses: {x: number, y: number}[], from: number, to: number, missing: string[]}} Sheet
 */

export const PAGE_SECONDS = 10; // one sheet of paper, as carts print it
export const LAYOUTS = ["3x4+1", "3x4+3", "6x2", "12x1"];
export const ORDERS = ["standard", "cabrera"];
export const STANDARD = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"];
export const CABRERA = ["aVL", "I", "aVR", "II", "aVF", "III", ...STANDARD.slice(6)];
const TURNED = "aVR"; // in the order of Cabrera it stands at +30°, upside down
const STRIPS = { "3x4+1": ["II"], "3x4+3": ["II", "V1", "V5"] };
const COLUMNS = { "3x4+1": 4, "3x4+3": 4, "6x2": 2, "12x1": 1 };
const TOP = 10;
const FOOTER = 10;
const RIGHT = 5;
const PULSE_SECONDS = 0.2;

/** Row heights (mm) at 10 mm/mV: least that keeps leads apart, most before paper is wasted. */
const ROWS = { "3x4+1": [25, 50], "3x4+3": [15, 35], "6x2": [15, 35], "12x1": [10, 20] };

/** Which leads run below the twelve: the wished ones, in place of one that is missing the first other of the recording. */
export function stripsOf(layout, leads, rhythm = "II") {
  const wanted = layout === "3x4+1" && leads.includes(rhythm) ? [rhythm] : (STRIPS[layout] ?? []);
  const others = leads.filter((lead) => !wanted.includes(lead));
  return wanted.map((lead) => (leads.includes(lead) ? lead : others.shift())).filter(Boolean);
}

/** Leads of each row, column after column; null leaves a column empty, the last rows may be strips. */
function rowsOf(layout, order, leads) {
  if (!LAYOUTS.includes(layout)) throw new RangeError(`layout ${layout} is unknown; use one of ${LAYOUTS.join(", ")}`);
  if (!ORDERS.includes(order)) throw new RangeError(`order ${order} is unknown; use one of ${ORDERS.join(", ")}`);
  const names = order === "cabrera" ? CABRERA : STANDARD;
  const extra = leads.filter((lead) => !STANDARD.includes(lead));
  const columns = COLUMNS[layout];
  if (columns === 1) return [...names.filter((lead) => leads.includes(lead)), ...extra].map((lead) => [lead]);
  const deep = 12 / columns;
  const rows = Array.from({ length: deep }, (_, r) => Array.from({ length: columns }, (_, c) => names[r + c * deep]));
  for (let i = 0; i < extra.length; i += columns) rows.push(Array.from({ length: columns }, (_, c) => extra[i + c] ?? null));
  return rows;
}

/** Number of sheets a recording needs; a last sheet under 50 ms is a rounding error of the header. */
export const sheetsOf = (seconds) => Math.max(1, Math.ceil((seconds - 0.05) / PAGE_SECONDS));

/** Distance from the paper's edge to the first sample: room for the pulse, on the 5 mm grid. */
export const leftMargin = (speed) => 5 + Math.ceil((PULSE_SECONDS * speed) / 5) * 5;

/** Width in mm of a sheet of so many seconds. */
export const sheetWidth = (speed, span = PAGE_SECONDS) => leftMargin(speed) + span * speed + RIGHT;

/** Seconds that fit on a sheet of this width (mm). */
export const spanIn = (width, speed) => (width - leftMargin(speed) - RIGHT) / speed;

/**
 * Lay one sheet out.
 *
 * @param {{layout: string, order?: string, rhythm?: string, leads: string[], seconds: number, start?: number, span?: number,
 *   heightMm?: number} & Scale} wish start is where the sheet begins in the recording and span how much it shows, in seconds;
 *   heightMm is the room there is: rows grow into it within the limits of the layout
 * @returns {Sheet}
 */
export function layOut({ layout, order = "standard", rhythm = "II", leads, seconds, start = 0, span = PAGE_SECONDS, heightMm = 0, speed, gain }) {
  const plain = rowsOf(layout, order, leads);
  const rows = plain.concat(stripsOf(layout, leads, rhythm).map((lead) => [lead]));
  const [least, most] = ROWS[layout].map((mm) => mm * Math.max(1, gain / 10));
  const each = (heightMm - TOP - FOOTER) / rows.length;
  const room = each < 20 ? Math.floor(each) : Math.floor(each / 5) * 5; // whole 5 mm squares where there is room
  const rowHeight = Math.min(Math.max(room, least), most);
  const lines = rowHeight % 5 ? 1 : 5;
  const left = leftMargin(speed);
  const end = Math.min(start + span, seconds);
  const cells = [];
  const pulses = [];
  rows.forEach((names, row) => {
    const baseline = TOP + Math.round((rowHeight * (row + 0.5)) / lines) * lines;
    if (row === 0 || rowHeight >= gain + 4) pulses.push({ x: 2.5, y: baseline }); // pulses of close rows would touch
    const share = span / names.length;
    names.forEach((lead, column) => {
      if (lead === null) return;
      const from = start + column * share;
      const to = Math.max(from, Math.min(from + share, end));
      const x0 = left + column * share * speed;
      const strip = row >= plain.length;
      const inverted = order === "cabrera" && lead === TURNED && !strip;
      cells.push({
        lead, name: inverted ? `\u2212${lead}` : lead, inverted, index: leads.indexOf(lead), row, column, x0,
        x1: x0 + (to - from) * speed, baseline, from, to, rhythm: strip,
      });
    });
  });
  return {
    width: sheetWidth(speed, span), height: Math.max(TOP + FOOTER + Math.ceil((rowHeight * rows.length) / 5) * 5, Math.floor(heightMm / 5) * 5), left, top: TOP,
    rowHeight, cells, pulses, from: start, to: end,
    missing: STANDARD.filter((lead) => !leads.includes(lead)),
  };
}

/** Corners (mm) of the calibration pulse: 1 mV for 0.2 s, with its feet. */
export function pulseOutline({ x, y }, { speed, gain }) {
  const width = PULSE_SECONDS * speed;
  return [[x, y], [x + 1, y], [x + 1, y - gain], [x + 1 + width, y - gain], [x + 1 + width, y], [x + 2 + width, y]];
}

/**
 * Where a sample lies on the sheet.
 *
 * @param {Cell} cell
 * @param {number} seconds of the recording
 * @param {number} millivolts as recorded, also of an inverted lead
 * @param {Scale} scale
 * @returns {{x: number, y: number}} mm; y grows downwards, so positive voltages have a smaller y
 */
export function toPaper(cell, seconds, millivolts, { speed, gain }) {
  return { x: cell.x0 + (seconds - cell.from) * speed, y: cell.baseline - (cell.inverted ? -millivolts : millivolts) * gain };
}

/** The cell under a point in mm, or undefined. */
export function cellAt(sheet, x, y) {
  const row = Math.floor((y - sheet.top) / sheet.rowHeight);
  return sheet.cells.find((cell) => cell.row === row && cell.index >= 0 && x >= cell.x0 && x <= cell.x1);
}

/**
 * Read a caliper stretched between two points of the sheet.
 *
 * @param {Sheet} sheet
 * @param {Scale} scale
 * @param {{x: number, y: number}} a where the drag began (mm)
 * @param {{x: number, y: number}} b where it ended (mm)
 * @param {Cell} [begin] the lead it belongs to, when its ends lie on peaks that reach into other rows
 * @returns {{ms: number, per_min: number|null, mv: number, lead: string, from_s: number|null, to_s: number|null}}
 *   per_min is null for no width; times are null when the ends lie in different leads of one row, because then the
 *   distance on paper is not a time of the recording
 */
export function readCaliper(sheet, { speed, gain }, a, b, begin = cellAt(sheet, a.x, a.y)) {
  const inside = begin !== undefined && b.x >= begin.x0 && b.x <= begin.x1;
  const ms = (Math.abs(b.x - a.x) / speed) * 1000;
  const [first, last] = a.x <= b.x ? [a, b] : [b, a];
  const time = (point) => begin.from + (point.x - begin.x0) / speed;
  return {
    ms, per_min: ms > 0 ? 60000 / ms : null, mv: (a.y - b.y) / gain, lead: begin?.lead ?? "",
    from_s: inside ? time(first) : null, to_s: inside ? time(last) : null,
  };
}

/**
 * Pixels per millimetre that let one sheet fill a width, such that each 5 mm line falls on a device pixel.
 *
 * @param {number} cssWidth room in CSS pixels
 * @param {number} mm width to fit
 * @param {number} ratio device pixels per CSS pixel
 */
export function fitScale(cssWidth, mm, ratio) {
  const fives = Math.floor(((cssWidth * ratio) / mm) * 5 + 1e-9);
  return Math.max(fives, 5) / 5 / ratio;
}

export const EVERYWHERE = 0.8; // share of a recording above which a place says nothing about where

/**
 * Part findings with a place into those that point somewhere and those that hold for the recording as a whole.
 *
 * @param {{place: {from_s: number, to_s: number, lead?: string}, label: string, severity: string}[]} findings
 * @param {number} seconds length of the recording
 * @returns {{placed: object[], everywhere: object[]}} a finding of one lead always points somewhere: to its lead
 */
export function partFindings(findings, seconds) {
  const parts = { placed: [], everywhere: [] };
  for (const one of findings) {
    const { from_s: from, to_s: to, lead } = one.place ?? {};
    if (!Number.isFinite(from) || !Number.isFinite(to)) continue;
    const share = (Math.min(to, seconds) - Math.max(from, 0)) / seconds;
    (share > EVERYWHERE && !lead ? parts.everywhere : parts.placed).push(one);
  }
  return parts;
}
