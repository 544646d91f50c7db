/** What changed between two ECGs of one patient. Pure. */

import { cabrera } from "./geometry.mjs";

/** Single numbers in the order of the table: name, unit and decimals. */
export const NUMBERS = [
  ["heart_rate_bpm", "/min", 0], ["p_ms", "ms", 0], ["pr_ms", "ms", 0], ["qrs_ms", "ms", 0], ["qt_ms", "ms", 0],
  ["qtc_fridericia_ms", "ms", 0], ["qtc_bazett_ms", "ms", 0], ["qtc_framingham_ms", "ms", 0], ["qtc_hodges_ms", "ms", 0],
  ["p_axis_deg", "°", 0], ["qrs_axis_deg", "°", 0], ["t_axis_deg", "°", 0],
];

/** As the table writes it: 55° beside 56° differ by 1°, whatever stood behind the point. */
const rounded = (value, decimals) => Math.round(value * 10 ** decimals) / 10 ** decimals;

const known = (value) => typeof value === "number" && Number.isFinite(value);

/** Shorter way round from one axis to another, in (−180, 180]. */
export function turn(from, to) {
  const way = (((to - from) % 360) + 360) % 360;
  return way > 180 ? way - 360 : way;
}

/**
 * Rows of the table of changes: this ECG minus the earlier one; a value missing on either side has no difference.
 *
 * @param {Record<string, any>} now
 * @param {Record<string, any>} before
 * @param {{shown: string, lead: string, sign: number}[]} leads
 */
export function changes(now, before, leads) {
  const plain = NUMBERS.map(([name, unit, decimals]) => {
    const [a, b] = [known(now[name]) ? now[name] : null, known(before[name]) ? before[name] : null];
    const differs = unit === "°" ? (x, y) => turn(y, x) : (x, y) => x - y;
    return { name, unit, decimals, now: a, before: b, change: a === null || b === null ? null : differs(rounded(a, decimals), rounded(b, decimals)) };
  });
  const st = leads.map(({ shown, lead, sign }) => {
    const at = (values) => (known(values.st_j_mv?.[lead]) ? sign * values.st_j_mv[lead] : null);
    const [a, b] = [at(now), at(before)];
    return { name: "st_j_mv", lead: shown, unit: "mV", decimals: 2, now: a, before: b, change: a === null || b === null ? null : rounded(a, 2) - rounded(b, 2) };
  });
  return [...plain, ...st];
}

/** How far (ms) the earlier beat moves to the right so that both QRS begin together; null when one has no QRS onset. */
export function shift(now, before) {
  if (!known(now?.qrs_on) || !known(before?.qrs_on)) return null;
  return now.qrs_on - before.qrs_on;
}

/** Leads that both beats hold, in the order of the heart. */
export const shared = (now, before) => cabrera(now.names.filter((name) => before.names.includes(name)));

/** What the earlier beat is moved by, and the window in which both are seen. */
export function overlap(now, before, nowMarks, beforeMarks) {
  const right = shift(nowMarks, beforeMarks);
  if (right === null) return null;
  return { right, ms: Math.max(now.ms, before.ms + Math.max(0, right)) };
}

/** A number as the tables write it; null where there is none. A change carries its sign, and never a negative zero. */
export function written(value, decimals, signed = false) {
  if (!known(value)) return null;
  const text = (Math.round(value * 10 ** decimals) / 10 ** decimals + 0).toFixed(decimals);
  const plain = Number(text) === 0 ? text.replace("-", "") : text;
  return signed && Number(plain) > 0 ? `+${plain}` : plain.replace("-", "−");
}
