/** Edges made steeper, for looking only: what is measured stays the film. Pure. */

const RADIUS = 2; // pixels: about the grain of a bone's trabeculae at 0.15 mm
const STRENGTH = 1;

const SPAN = 2 * RADIUS + 1;
const inside = (i, count) => (i < 0 ? 0 : i >= count ? count - 1 : i); // the edges of the film are repeated

/** Sums of SPAN values along each row. */
function alongRows(values, rows, columns) {
  const out = new Float32Array(values.length);
  for (let start = 0; start < values.length; start += columns) {
    let sum = 0;
    for (let i = -RADIUS; i <= RADIUS; i++) sum += values[start + inside(i, columns)];
    for (let i = 0; i < columns; i++) {
      out[start + i] = sum;
      sum += values[start + inside(i + RADIUS + 1, columns)] - values[start + inside(i - RADIUS, columns)];
    }
  }
  return out;
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
  const across = alongRows(values, rows, columns);
  const sums = new Float32Array(columns);
  for (let r = -RADIUS; r <= RADIUS; r++) {
    for (let c = 0, from = inside(r, rows) * columns; c < columns; c++) sums[c] += across[from + c];
  }
  const out = values.slice();
  for (let r = 0, i = 0; r < rows; r++) {
    const [enters, leaves] = [inside(r + RADIUS + 1, rows) * columns, inside(r - RADIUS, rows) * columns];
    for (let c = 0; c < columns; c++, i++) {
      const v = Math.round(values[i] + STRENGTH * (values[i] - sums[c] / (SPAN * SPAN)));
      if (!hidden?.[i]) out[i] = v < min ? min : v > max ? max : v;
      sums[c] += across[enters + c] - across[leaves + c];
    }
  }
  return { ...picture, values: out };
}
