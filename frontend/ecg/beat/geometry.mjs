/**
 * Geometry of the median beat panel, in milliseconds of the beat and millimetres of its own paper. Pure.
 *
 * @typedef {{width: number, height: number, px: number, speed: number, gain: number, zero: number, ms: number}} Panel width
 *   and height in mm, px is CSS pixels per mm, zero is the height (mm from above) of 0 mV, ms the length of the beat
 */

import { fitScale } from "../paper.mjs";

export const SPEEDS = [50, 100]; // mm/s
export const GAINS = [5, 10, 20, 40]; // mm/mV
const MARGIN = 5; // mm above and below the traces
const MOST_PX = 16; // CSS pixels per mm; larger shows no more

/** Lowest and highest voltage of some leads, each over its own level; zero is always inside. */
export function range(leads, levels, names) {
  let [low, high] = [0, 0];
  for (const name of names) {
    for (const mv of leads[name]) {
      if (Number.isNaN(mv)) continue;
      low = Math.min(low, mv - levels[name]);
      high = Math.max(high, mv - levels[name]);
    }
  }
  return { low, high };
}

/** The largest gain whose traces fit a height, or the smallest there is. */
export function bestGain({ low, high }, heightMm) {
  return GAINS.findLast((gain) => (high - low) * gain + 2 * MARGIN <= heightMm) ?? GAINS[0];
}

/**
 * Lay the panel out: the whole beat fits the width, the voltages sit in the middle of the height.
 *
 * @param {{ms: number, speed: number, gain: number|null, low: number, high: number, width: number, height: number,
 *   ratio: number}} wish width and height in CSS pixels; gain null means the best one
 * @returns {Panel}
 */
export function layPanel({ ms, speed, gain, low, high, width, height, ratio }) {
  const mm = (ms / 1000) * speed;
  const px = Math.min(fitScale(width, mm, ratio), MOST_PX);
  const tall = height / px;
  const own = gain ?? bestGain({ low, high }, tall);
  const zero = Math.round((tall + (high + low) * own) / 2 / 5) * 5;
  return { width: Math.min(mm, width / px), height: tall, px, speed, gain: own, zero, ms };
}

export const xOf = (panel, ms) => (ms / 1000) * panel.speed;
export const yOf = (panel, mv) => panel.zero - mv * panel.gain;
export const msAt = (panel, x) => (x / panel.speed) * 1000;

/** The sample nearest to a time, as a time, inside the beat. */
export function snap(ms, rate, samples) {
  const at = Math.min(Math.max(Math.round((ms * rate) / 1000), 0), samples - 1);
  return (at * 1000) / rate;
}

/** Voltage of a lead at a time, between its samples; NaN outside or beside a gap. */
export function valueAt(lead, rate, ms) {
  const at = (ms * rate) / 1000;
  const before = Math.floor(at + 1e-9);
  const share = Math.max(0, at - before);
  if (before < 0 || before >= lead.length) return NaN;
  return share < 1e-9 ? lead[before] : lead[before] + share * ((lead[before + 1] ?? NaN) - lead[before]);
}

/** Level of each lead at one time, so that superimposed leads share one baseline; 0 without a time. */
export function levelsAt(leads, rate, ms) {
  return Object.fromEntries(Object.entries(leads).map(([name, lead]) => {
    const level = ms === null ? 0 : valueAt(lead, rate, ms);
    return [name, Number.isNaN(level) ? 0 : level];
  }));
}

/**
 * The lead whose trace passes nearest to a point.
 *
 * @param {Panel} panel
 * @param {{leads: Record<string, ArrayLike<number>>, levels: Record<string, number>, rate: number, names: string[]}} beat
 * @param {{x: number, y: number}} point mm
 * @param {number} within mm
 * @returns {string|null}
 */
export function nearestLead(panel, { leads, levels, rate, names }, point, within) {
  let best = null;
  let least = within;
  const ms = msAt(panel, point.x);
  for (const name of names) {
    for (const aside of [-2, -1, 0, 1, 2]) { // a steep upstroke is beside the pointer, not under it
      const at = ms + (aside * within * 250) / panel.speed;
      const mv = valueAt(leads[name], rate, at);
      if (Number.isNaN(mv)) continue;
      const away = Math.hypot(yOf(panel, mv - levels[name]) - point.y, xOf(panel, at) - point.x);
      if (away < least) [best, least] = [name, away];
    }
  }
  return best;
}

const LIMB = ["aVL", "I", "-aVR", "II", "aVF", "III"]; // Cabrera: neighbours on paper are neighbours on the heart
const CHEST = ["V1", "V2", "V3", "V4", "V5", "V6"];

/** Leads in the order in which neighbours on the chart are neighbours on the heart; others follow as the file has them. */
export function cabrera(names) {
  const limb = LIMB.map((shown) => ({ shown: shown.replace("-", "−"), lead: shown.replace("-", ""), sign: shown.startsWith("-") ? -1 : 1 }));
  const known = [...limb, ...CHEST.map((lead) => ({ shown: lead, lead, sign: 1 }))].filter(({ lead }) => names.includes(lead));
  const rest = names.filter((name) => !known.some(({ lead }) => lead === name));
  return [...known, ...rest.map((lead) => ({ shown: lead, lead, sign: 1 }))];
}

/**
 * Bars of the ST map.
 *
 * @param {Record<"st_j_mv"|"st_j60_mv"|"st_j80_mv", Record<string, number|null>|null>} values
 * @param {string[]} names leads of the beat
 * @returns {{top: number, bars: {lead: string, shown: string, st: (number|null)[]}[]}} mV; top is the end of the scale, a
 *   multiple of 0.1 mV and at least 0.2 mV; −aVR is the negative of aVR
 */
export function stBars(values, names) {
  const points = [values.st_j_mv, values.st_j60_mv, values.st_j80_mv];
  const bars = cabrera(names).map(({ lead, shown, sign }) => ({
    lead, shown, st: points.map((point) => {
      const mv = point?.[lead];
      return typeof mv === "number" ? sign * mv + 0 : null;
    }),
  }));
  const most = Math.max(0, ...bars.flatMap(({ st }) => st.map((mv) => Math.abs(mv ?? 0))));
  return { top: Math.max(0.2, Math.ceil(most * 10 - 1e-9) / 10), bars };
}
