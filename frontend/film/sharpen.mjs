/** Edges made steeper, for looking only: what is measured stays the film. Pure. */

const RADIUS = 2; // pixels: about the grain of a bone's trabeculae at 0.15 mm
const STRENGTH = 1;

/** Sums of a sliding window along one direction, with its ends repeated. */
function blurred(source, out, count, length, next, step) {
  const span = 2 * RADIUS + 1;
  for (let line = 0; line < count; line++) {
    const start = line * next;
    const at = (i) => source[start + Math.min(Math.max(i, 0), length - 1) * step];
    let sum = 0;
    for (let i = -RADIUS; i <= RADIUS; i++) sum += at(i);
    for (let i = 0; i < length; i++) {
      out[start + i * step] = sum / span;
      sum += at(i + RADIUS + 1) - at(i - RADIUS);
    }
  }
}

/**
 * Copy with the difference from its own blur added (unsharp mask).
 *
 * @template {{rows: number, columns: number, values: Uint16Array|Int16Array, min: number, max: number}} T
 * @param {T} picture
 * @returns {T} values stay within min and max; what is no picture stays as it is
 */
export function sharpened(picture) {
  const { rows, columns, values, min, max, hidden } = picture;
  const across = new Float32Array(values.length);
  const both = new Float32Array(values.length);
  blurred(values, across, rows, columns, columns, 1);
  blurred(across, both, columns, rows, 1, columns);
  const out = values.slice();
  for (let i = 0; i < out.length; i++) {
    if (hidden?.[i]) continue;
    const v = Math.round(values[i] + STRENGTH * (values[i] - both[i]));
    out[i] = v < min ? min : v > max ? max : v;
  }
  return { ...picture, values: out };
}
