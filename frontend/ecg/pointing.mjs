/** Where to look for the chosen statement of the screening: stretches and leads of the paper, a part of the averaged beat. */

import { EVERYWHERE } from "./paper.mjs";
import { xOf } from "./beat/geometry.mjs";

const SEVERITY = { critical: "200,20,30", urgent: "215,110,0", abnormal: "150,105,0", technical: "90,90,100" };
const tintOf = (severity) => SEVERITY[severity] ?? "60,90,140";
const ST_MS = 80; // after J: the points at which ST is measured

/**
 * Rectangles of the paper a statement points at.
 *
 * @param {import("./paper.mjs").Sheet} sheet
 * @param {{from_s?: number|null, to_s?: number|null, leads?: string[]}} place without leads it means every lead
 * @param {{speed: number, seconds: number}} scale mm/s, and the length of the recording
 * @returns {{x: number, y: number, width: number, height: number, lead: string}[]} mm; the whole cell of a lead when the
 *   statement names no stretch; nothing when it holds for the recording as a whole
 */
export function spotsOf(sheet, { from_s: from, to_s: to, leads = [] }, { speed, seconds }) {
  const stretch = Number.isFinite(from) && Number.isFinite(to) && (Math.min(to, seconds) - Math.max(from, 0)) / seconds <= EVERYWHERE;
  if (!stretch && leads.length === 0) return [];
  return sheet.cells.flatMap((cell) => {
    if (cell.index < 0 || (leads.length > 0 && !leads.includes(cell.lead))) return [];
    const [a, b] = stretch ? [Math.max(from, cell.from), Math.min(to, cell.to)] : [cell.from, cell.to];
    if (b <= a) return [];
    return [{ x: cell.x0 + (a - cell.from) * speed, y: sheet.top + cell.row * sheet.rowHeight, width: (b - a) * speed, height: sheet.rowHeight, lead: cell.lead }];
  });
}

/**
 * The part of the averaged beat a statement is about.
 *
 * @param {string} mark "p", "qrs", "j" or "t"; others are no part
 * @param {Record<string, number|null>} marks ms
 * @returns {{from: number, to: number}|null} ms; null when its marks are not placed
 */
export function partOf(mark, { p_on: pOn, p_off: pOff, qrs_on: qrsOn, j, t_end: tEnd }) {
  const known = (from, to) => (Number.isFinite(from ?? NaN) && Number.isFinite(to ?? NaN) && to > from ? { from, to } : null);
  if (mark === "p") return known(pOn, pOff);
  if (mark === "qrs") return known(qrsOn, j);
  if (!Number.isFinite(j ?? NaN)) return null;
  if (mark === "j") return { from: j, to: Math.min(j + ST_MS, tEnd ?? Infinity) };
  return mark === "t" ? known(Math.min(j + ST_MS, (j + (tEnd ?? NaN)) / 2), tEnd) : null;
}

/** Frame and tint the places of the chosen statement, under the traces. */
export function drawPointed(pen, sheet, pointed, scale, px) {
  const tint = tintOf(pointed.severity);
  pen.save();
  pen.fillStyle = `rgba(${tint},.16)`;
  pen.strokeStyle = `rgb(${tint})`;
  pen.lineWidth = 1.5;
  for (const { x, y, width, height } of spotsOf(sheet, pointed, scale)) {
    pen.fillRect(x * px, y * px, width * px, height * px);
    pen.strokeRect(x * px + 1, y * px + 1, width * px - 2, height * px - 2);
  }
  pen.restore();
}

/** Tint the part of the averaged beat the chosen statement is about, under the traces. */
export function drawPart(pen, panel, { mark, severity }, marks) {
  const part = partOf(mark, marks);
  if (!part) return;
  pen.save();
  pen.fillStyle = `rgba(${tintOf(severity)},.2)`;
  pen.fillRect(xOf(panel, part.from) * panel.px, 0, (xOf(panel, part.to) - xOf(panel, part.from)) * panel.px, panel.height * panel.px);
  pen.restore();
}

/** What a viewer points at now: only a place of the tracing that it shows. */
export const pointedAt = (python, id) => {
  const one = python.get("pointed") ?? {};
  return id && one.id === id ? one : null;
};

/** The panel without a place of its own: it follows the page's choice, and names the page's keys in the list of keys. */
export function pointing(host) {
  const { t, python } = host;
  const follow = () => {
    const one = pointedAt(python, host.src?.id);
    const { sheet } = host;
    const begins = one && Number.isFinite(one.from_s) && one.to_s - one.from_s < (host.tracing?.seconds ?? 0) * EVERYWHERE;
    if (begins && sheet && (one.from_s < sheet.from || one.from_s > sheet.to)) host.showAt(one.from_s);
    host.ask();
  };
  python.on("pointed", follow);
  host.keys({}, [["↑ ↓", t("Statements of the screening, one after the other")], ["A", t("Accept the chosen statement")],
    ["E", t("Reject the chosen statement")], ["T", t("Take the decision back")]]);
  return () => {};
}
