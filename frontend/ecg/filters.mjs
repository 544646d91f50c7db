/**
 * Zero-phase filters for looking at a tracing. They never touch what is stored or measured. Pure.
 *
 * Each band edge is a second-order Butterworth run forwards and backwards; the design frequency is moved so that the
 * two passes together, not each, lose 3 dB at the frequency printed on the paper.
 *
 * @typedef {[number, number, number, number, number]} Section b0 b1 b2 a1 a2, with a0 = 1
 */

/** What may be chosen, in Hz; 0 is none. A chosen filter is always printed. */
export const HIGH_PASS = [0, 0.05, 0.5];
export const LOW_PASS = [0, 150, 100, 40];
const BENDS_ST = 0.05; // above it the high pass bends ST segments
const HIDES_NOTCHES = 100; // below it the low pass rounds J waves, notches and pacing spikes
const BOTH_PASSES = (Math.SQRT2 - 1) ** 0.25; // 0.802: how far the design edge moves so that two passes lose 3 dB, not 6
const NOTCH_QUALITY = 30;

/** Second-order Butterworth section (bilinear, prewarped) that loses 3 dB at `hertz` after both passes. */
export function butterworth(kind, hertz, rate) {
  const k = Math.tan((Math.PI * hertz) / rate) * (kind === "low" ? 1 / BOTH_PASSES : BOTH_PASSES);
  const scale = 1 / (1 + Math.SQRT2 * k + k * k);
  const a1 = 2 * (k * k - 1) * scale;
  const a2 = (1 - Math.SQRT2 * k + k * k) * scale;
  const b = kind === "low" ? k * k * scale : scale;
  return [b, kind === "low" ? 2 * b : -2 * b, b, a1, a2];
}

/** Notch of constant quality at one frequency. */
export function notch(hertz, rate, quality = NOTCH_QUALITY) {
  const w = (2 * Math.PI * hertz) / rate;
  const gain = 1 / (1 + Math.tan(w / quality / 2));
  const a1 = -2 * gain * Math.cos(w);
  return [gain, a1, gain, a1, 2 * gain - 1];
}

/** Whether a choice may change ST segments, J points and notches, so that a warning stands beside it. */
export const distorts = ({ highPass, lowPass }) => highPass > BENDS_ST || (lowPass > 0 && lowPass < HIDES_NOTCHES);

/**
 * Sections of one choice, and the parts that the sampling rate does not allow.
 *
 * @param {{highPass: number, lowPass: number, mains: number}} choice Hz; 0 for none
 * @param {number} rate Hz
 * @returns {{sections: Section[], left_out: string[]}}
 */
export function design({ highPass, lowPass, mains }, rate) {
  if (!HIGH_PASS.includes(highPass)) throw new RangeError(`high pass ${highPass} is unknown; use one of ${HIGH_PASS.join(", ")} Hz`);
  if (!LOW_PASS.includes(lowPass)) throw new RangeError(`low pass ${lowPass} is unknown; use one of ${LOW_PASS.join(", ")} Hz`);
  const sections = [];
  const leftOut = [];
  const usable = (hertz) => hertz < 0.48 * rate;
  if (highPass) sections.push(butterworth("high", highPass, rate));
  if (lowPass && usable(lowPass)) sections.push(butterworth("low", lowPass, rate));
  else if (lowPass) leftOut.push(`${lowPass} Hz`);
  if (mains && usable(mains)) sections.push(notch(mains, rate));
  else if (mains) leftOut.push(`${mains} Hz`);
  return { sections, left_out: leftOut };
}

/** State of a section that has seen the constant 1 for ever (transposed direct form II). */
function steady([b0, b1, b2, a1, a2]) {
  const level = (b0 + b1 + b2) / (1 + a1 + a2);
  return { level, z1: level - b0, z2: b2 - a2 * level };
}

/** Run all sections over `data` in place, starting as if its first value had always been there. */
function run(data, sections) {
  let before = data[0];
  for (const [b0, b1, b2, a1, a2] of sections) {
    const state = steady([b0, b1, b2, a1, a2]);
    let z1 = state.z1 * before;
    let z2 = state.z2 * before;
    for (let i = 0; i < data.length; i++) {
      const x = data[i];
      const y = b0 * x + z1;
      z1 = b1 * x - a1 * y + z2;
      z2 = b2 * x - a2 * y;
      data[i] = y;
    }
    before *= state.level;
  }
}

/**
 * Filter one stretch without gaps forwards and backwards, padded by point reflection at both ends.
 *
 * @param {Float32Array|number[]} stretch mV
 * @param {Section[]} sections
 * @param {number} padding samples added at each end, cut to the length there is
 * @returns {Float32Array}
 */
export function zeroPhase(stretch, sections, padding) {
  const n = stretch.length;
  if (n < 2 || sections.length === 0) return Float32Array.from(stretch);
  const pad = Math.min(padding, n - 1);
  const data = new Float64Array(n + 2 * pad);
  for (let i = 0; i < pad; i++) {
    data[i] = 2 * stretch[0] - stretch[pad - i];
    data[n + pad + i] = 2 * stretch[n - 1] - stretch[n - 2 - i];
  }
  data.set(stretch, pad);
  run(data, sections);
  data.reverse();
  run(data, sections);
  data.reverse();
  return Float32Array.from(data.subarray(pad, pad + n));
}

/**
 * Filter one lead; gaps (NaN) stay gaps and nothing is carried across them.
 *
 * @param {Float32Array} lead mV
 * @param {number} rate Hz
 * @param {Section[]} sections
 */
export function filterLead(lead, rate, sections) {
  if (sections.length === 0) return lead;
  const out = new Float32Array(lead.length).fill(NaN);
  const padding = Math.round(5 * rate);
  for (let start = 0; start < lead.length; ) {
    if (Number.isNaN(lead[start])) {
      start += 1;
      continue;
    }
    let end = start;
    while (end < lead.length && !Number.isNaN(lead[end])) end += 1;
    out.set(zeroPhase(lead.subarray(start, end), sections, padding), start);
    start = end;
  }
  return out;
}
