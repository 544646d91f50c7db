/**
 * From five marks on the averaged beat to numbers, while a mark is being dragged. The same sums as
 * workbench/ecg/beat_marks.py, which alone says what is stored; both are held against tests/golden/ecg_marks.json. Pure.
 */

const LEVEL_MS = 8; // a level is the mean of so much before the mark
const T_AXIS_AFTER_J_MS = 80; // the ST segment is not the T wave

export const NOT_MARKED = {
  p_on: "the beginning of P is not marked",
  p_off: "the end of P is not marked",
  qrs_on: "the beginning of QRS is not marked",
  j: "the J point is not marked",
  t_end: "the end of T is not marked",
};
export const OUT_OF_ORDER = "the marks are not in the order P, QRS, J, T";
export const OUTSIDE = "a mark lies where this lead holds no averaged beat";
export const NO_RATE = "the mean RR interval is not known";
export const NO_FRONTAL = "lead I or aVF is missing";
export const NO_VECTOR = "the wave has no net area in lead I and aVF";
export const NOT_CALIBRATED = "the recording does not say how many mV a step is";

const finite = (value) => (typeof value === "number" && Number.isFinite(value) ? value : null);

/** Height of the straight lines through the samples at a time (ms); null where there is none. */
function valueAt(samples, rate, ms) {
  const place = (ms * rate) / 1000;
  if (!(place >= 0 && place <= samples.length - 1)) return null;
  const left = Math.floor(place);
  const share = place - left;
  const value = share === 0 ? samples[left] : samples[left] + share * (samples[left + 1] - samples[left]);
  return Number.isFinite(value) ? value : null;
}

/** Mean height of the straight lines through the samples between two times (ms). */
function meanOf(samples, rate, start, end) {
  const [first, last] = [valueAt(samples, rate, start), valueAt(samples, rate, end)];
  if (first === null || last === null) return null;
  const [a, b] = [(start * rate) / 1000, (end * rate) / 1000];
  let area = 0;
  let [x, y] = [a, first];
  for (let i = Math.floor(a) + 1; i < Math.ceil(b); i++) {
    area += ((i - x) * (y + samples[i])) / 2;
    [x, y] = [i, samples[i]];
  }
  area += ((b - x) * (y + last)) / 2;
  return Number.isFinite(area) ? area / (b - a) : null;
}

function between(at, start, end) {
  if (at[start] === null) return NOT_MARKED[start];
  if (at[end] === null) return NOT_MARKED[end];
  return at[end] > at[start] ? at[end] - at[start] : OUT_OF_ORDER;
}

function axis(frame, rate, at, [first, last], levelAt) {
  if (frame.length < 2) return NO_FRONTAL;
  const levelFrom = at[levelAt];
  if (levelFrom === null) return NOT_MARKED[levelAt];
  let start = at[first];
  const end = at[last];
  if (levelFrom > start) return OUT_OF_ORDER;
  if (first === "j") start = Math.min(start + T_AXIS_AFTER_J_MS, (start + end) / 2);
  const areas = [];
  for (const samples of frame) {
    const [level, mean] = [meanOf(samples, rate, levelFrom - LEVEL_MS, levelFrom), meanOf(samples, rate, start, end)];
    if (level === null || mean === null) return OUTSIDE;
    areas.push((mean - level) * (end - start));
  }
  if (Math.hypot(...areas) < 1e-9) return NO_VECTOR;
  return (Math.atan2((2 / Math.sqrt(3)) * areas[1], areas[0]) * 180) / Math.PI;
}

function stLevel(samples, rate, at, after) {
  const qrs = between(at, "qrs_on", "j");
  if (typeof qrs === "string") return qrs;
  const level = meanOf(samples, rate, at.qrs_on - LEVEL_MS, at.qrs_on);
  const value = valueAt(samples, rate, at.j + after);
  return level === null || value === null ? OUTSIDE : value - level;
}

/**
 * Measure intervals, axes and ST levels between marks.
 *
 * @param {Record<string, ArrayLike<number>>} leads mV; NaN where there is no sample
 * @param {number} rate Hz
 * @param {import("./beat/history.mjs").Marks} marks ms from the first sample
 * @param {number|null} rrMs mean RR interval of the recording
 * @param {boolean} [calibrated] false: no ST level is given, axes are
 * @returns {Record<string, any>} numbers or null by name; st_*_mv by lead; `reasons` says why of every null
 */
export function measure(leads, rate, marks, rrMs, calibrated = true) {
  const out = {};
  const reasons = {};
  const at = Object.fromEntries(Object.keys(NOT_MARKED).map((name) => [name, finite(marks[name])]));
  const beat = rrMs > 0 ? rrMs / 1000 : null;
  const put = (name, value) => {
    out[name] = typeof value === "string" ? null : value;
    if (typeof value === "string") reasons[name] = value;
  };
  put("heart_rate_bpm", beat === null ? NO_RATE : 60 / beat);
  put("p_ms", between(at, "p_on", "p_off"));
  put("pr_ms", between(at, "p_on", "qrs_on"));
  put("qrs_ms", between(at, "qrs_on", "j"));
  const qt = between(at, "qrs_on", "t_end");
  put("qt_ms", qt);
  const corrected = (value) => (typeof qt === "string" ? qt : beat === null ? NO_RATE : value());
  put("qtc_fridericia_ms", corrected(() => qt / Math.cbrt(beat)));
  put("qtc_bazett_ms", corrected(() => qt / Math.sqrt(beat)));
  put("qtc_framingham_ms", corrected(() => qt + 154 * (1 - beat)));
  put("qtc_hodges_ms", corrected(() => qt + 1.75 * (60 / beat - 60)));
  const frame = ["I", "aVF"].filter((name) => name in leads).map((name) => leads[name]);
  for (const [name, span, level] of [
    ["p_axis_deg", ["p_on", "p_off"], "p_on"], ["qrs_axis_deg", ["qrs_on", "j"], "qrs_on"], ["t_axis_deg", ["j", "t_end"], "qrs_on"],
  ]) {
    const length = between(at, ...span);
    put(name, typeof length === "string" ? length : axis(frame, rate, at, span, level));
  }
  for (const [name, after] of [["st_j_mv", 0], ["st_j60_mv", 60], ["st_j80_mv", 80]]) {
    out[name] = {};
    for (const [lead, samples] of Object.entries(leads)) {
      const value = calibrated ? stLevel(samples, rate, at, after) : NOT_CALIBRATED;
      out[name][lead] = typeof value === "string" ? null : value;
      if (typeof value === "string") reasons[`${name}.${lead}`] = value;
    }
  }
  return { ...out, reasons };
}
