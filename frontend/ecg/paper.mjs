/**
 * Geometry of ECG paper, in millimetres from the upper left corner of the sheet. Pure: no canvas, no page.
 *
 * @typedef {{speed: number, gain: number}} Scale mm/s and mm/mV
 * @typedef {{lead: string, index: number, row: number, column: number, x0: number, x1: number, baseline: number,
 *   from: number, to: number, rhythm: boolean}} Cell one lead over one stretch of time; x and baseline in mm, from and
 *   to in seconds of the recording; index -1 when the recording does not hold the lead
 * @typedef {{width: number, height: number, left: number, top: number, rowHeight: number, cells: Cell[],
 *   pulses: {x: number, y: number}[], from: number, to: number, missing: string[], hidden: string[]}} Sheet
 */

export const PAGE_SECONDS = 10; // one sheet of paper, as carts print it
export const LAYOUTS = ["3x4+1", "6x2", "12x1"];
const STANDARD = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"];
const TOP = 10;
const FOOTER = 10;
const RIGHT = 5;
const PULSE_SECONDS = 0.2;

/** Row heights (mm) at 10 mm/mV: least that keeps leads apart, most before paper is wasted. */
const ROWS = { "3x4+1": [25, 50], "6x2": [15, 35], "12x1": [10, 20] };

/** Leads of each row, column after column; the last rows may be rhythm strips. */
function rowsOf(layout, leads) {
  if (layout === "3x4+1") {
    const rhythm = leads.includes("II") ? "II" : leads[0];
    return [0, 1, 2].map((r) => [0, 3, 6, 9].map((c) => STANDARD[r + c])).concat([[rhythm]]);
  }
  if (layout === "6x2") return [0, 1, 2, 3, 4, 5].map((r) => [STANDARD[r], STANDARD[r + 6]]);
  if (layout !== "12x1") throw new RangeError(`layout ${layout} is unknown; use one of ${LAYOUTS.join(", ")}`);
  const known = STANDARD.filter((lead) => leads.includes(lead));
  return [...known, ...leads.filter((lead) => !STANDARD.includes(lead))].map((lead) => [lead]);
}

/** Number of sheets a recording needs; a last sheet under 50 ms is a rounding error of the header. */
export const sheetsOf = (seconds) => Math.max(1, Math.ceil((seconds - 0.05) / PAGE_SECONDS));

/** Distance from the paper's edge to the first sample: room for the pulse, on the 5 mm grid. */
export const leftMargin = (speed) => 5 + Math.ceil((PULSE_SECONDS * speed) / 5) * 5;

/** Width of one sheet in mm. */
export const sheetWidth = (speed) => leftMargin(speed) + PAGE_SECONDS * speed + RIGHT;

/**
 * Lay one sheet out.
 *
 * @param {{layout: string, leads: string[], seconds: number, page?: number, heightMm?: number} & Scale} wish heightMm
 *   is the room there is; rows grow into it within the limits of the layout
 * @returns {Sheet}
 */
export function layOut({ layout, leads, seconds, page = 0, heightMm = 0, speed, gain }) {
  const rows = rowsOf(layout, leads);
  const [least, most] = ROWS[layout].map((mm) => mm * Math.max(1, gain / 10));
  const each = (heightMm - TOP - FOOTER) / rows.length;
  const room = each < 20 ? Math.floor(each) : Math.floor(each / 5) * 5; // whole 5 mm squares where there is room
  const rowHeight = Math.min(Math.max(room, least), most);
  const lines = rowHeight % 5 ? 1 : 5;
  const left = leftMargin(speed);
  const start = page * PAGE_SECONDS;
  const end = Math.min(start + PAGE_SECONDS, seconds);
  const cells = [];
  const pulses = [];
  rows.forEach((names, row) => {
    const baseline = TOP + Math.round((rowHeight * (row + 0.5)) / lines) * lines;
    if (row === 0 || rowHeight >= gain + 4) pulses.push({ x: 2.5, y: baseline }); // pulses of close rows would touch
    const span = PAGE_SECONDS / names.length;
    names.forEach((lead, column) => {
      const from = start + column * span;
      const to = Math.max(from, Math.min(from + span, end));
      const x0 = left + column * span * speed;
      cells.push({
        lead, index: leads.indexOf(lead), row, column, x0, x1: x0 + (to - from) * speed, baseline, from, to,
        rhythm: layout === "3x4+1" && row === rows.length - 1,
      });
    });
  });
  const shown = new Set(cells.map((cell) => cell.lead));
  return {
    width: sheetWidth(speed), height: Math.max(TOP + FOOTER + Math.ceil((rowHeight * rows.length) / 5) * 5, Math.floor(heightMm / 5) * 5), left, top: TOP,
    rowHeight, cells, pulses, from: start, to: end,
    missing: cells.filter((cell) => cell.index < 0).map((cell) => cell.lead),
    hidden: leads.filter((lead) => !shown.has(lead)),
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
 * @param {number} millivolts
 * @param {Scale} scale
 * @returns {{x: number, y: number}} mm; y grows downwards, so positive voltages have a smaller y
 */
export function toPaper(cell, seconds, millivolts, { speed, gain }) {
  return { x: cell.x0 + (seconds - cell.from) * speed, y: cell.baseline - millivolts * gain };
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
 * @returns {{ms: number, per_min: number|null, mv: number, lead: string, from_s: number|null, to_s: number|null}}
 *   per_min is null for no width; times are null when the ends lie in different leads of one row, because then the
 *   distance on paper is not a time of the recording
 */
export function readCaliper(sheet, { speed, gain }, a, b) {
  const begin = cellAt(sheet, a.x, a.y);
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
