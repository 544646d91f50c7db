/** What the viewer says in words: how the sheet is drawn, what a caliper reads, why a tracing is doubtful. Pure. */

import { distorts } from "./filters.mjs";
import { fill } from "../page/python.mjs";

const SMALLEST = 5; // mm/mV

/** The chosen filter in words, never empty: the sheet always says it. */
export function filterWords(t, { highPass, lowPass, mains }) {
  const parts = [];
  if (highPass) parts.push(fill(t("high pass {hertz} Hz"), { hertz: highPass }));
  if (lowPass) parts.push(fill(t("low pass {hertz} Hz"), { hertz: lowPass }));
  if (mains) parts.push(t("50 Hz notch"));
  return parts.length ? fill(t("Filter: {parts} (zero phase)"), { parts: parts.join(" + ") }) : t("Filter off");
}

/** Which leads are cut by the edge of the sheet, and what helps while a smaller gain is to be had. */
export const overEdge = (t, leads, gain) =>
  fill(gain > SMALLEST ? t("{leads} beyond the edge of the paper: choose a smaller gain") : t("{leads} beyond the edge of the paper"), { leads: leads.join(", ") });

/**
 * @param {(source: string) => string} t
 * @param {{scale: {speed: number, gain: number}, filter: object, leftOut: string[], rate: number, fileCalibrated: boolean,
 *   realShare: number|null, derived: boolean, missing: string[], tooFew: boolean, over?: string[]}} facts realShare is the size on this screen
 *   over real size, null while the screen is not calibrated
 * @returns {{text: string, warn?: boolean}[]}
 */
export function footer(t, { scale, filter, leftOut, rate, fileCalibrated, realShare, derived, missing, over = [] }) {
  const parts = [{ text: `${scale.speed} mm/s` }, { text: `${scale.gain} mm/mV` }, { text: filterWords(t, filter) }];
  if (leftOut.length) parts.push({ text: fill(t("not possible at this sampling rate: {edges}"), { edges: leftOut.join(", ") }), warn: true });
  if (distorts(filter)) parts.push({ text: t("ST and notches may be distorted"), warn: true });
  if (!fileCalibrated) parts.push({ text: t("voltage scale of the file unknown"), warn: true });
  if (over.length) parts.push({ text: overEdge(t, over, scale.gain), warn: true });
  parts.push({ text: `${rate} Hz` });
  if (realShare === null) parts.push({ text: t("not calibrated: not to scale"), warn: true });
  else if (Math.abs(realShare - 1) < 0.001) parts.push({ text: t("real size") });
  else parts.push({ text: fill(t("shown at {percent} % of real size"), { percent: Math.round(100 * realShare) }) });
  if (derived) parts.push({ text: t("* computed from other leads") });
  if (missing.length) parts.push({ text: fill(t("not recorded: {leads}"), { leads: missing.join(", ") }), warn: true });
  return parts;
}

/** Lines of a caliper: time, rate, amplitude. */
export function reading({ ms, per_min: perMin, mv }) {
  const rate = perMin !== null && ms >= 100 ? [`${perMin.toFixed(0)} /min`] : [];
  return [`${ms.toFixed(0)} ms`, ...rate, `${mv.toFixed(2)} mV`];
}

/** Reasons why the file was doubted at the door, as Python worded them in the page's language. */
export const gateWords = (gate) => (gate ?? []).map(({ code = "", label = "", text = "", mark = ": " }) => (text.startsWith(label) ? text : [label, text].filter(Boolean).join(mark)) || code).filter(Boolean);
