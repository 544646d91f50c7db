/**
 * From modality values to greys. Pure.
 *
 * Order (DICOM PS3.3 C.11): VOI, then the one inversion. A window stays two numbers for the viewport; a sigmoid or a
 * VOI LUT becomes a table over the values that occur, because Cornerstone knows no VOI LUT and no sigmoid on the CPU.
 *
 * @typedef {{kind: string, center: number, width: number, label?: string, lut?: number[], lut_first?: number,
 *   lut_bits?: number}} Voi
 * @typedef {{lower: number, upper: number}} Range values shown black and white before inversion
 */

const FULL = 65535;
const WINDOWS = new Set(["LINEAR", "LINEAR_EXACT", "PERCENTILE"]);

/** Whether a VOI bends the scale, so that a pair of numbers cannot hold it. */
export const isCurve = (voi) => voi.kind === "SIGMOID" || voi.kind === "LUT";

/**
 * Range of a window.
 *
 * @param {Voi} voi LINEAR as in C.11.2.1.2.1, LINEAR_EXACT and PERCENTILE as in C.11.2.1.3.2
 * @returns {Range} upper is above lower even for a width of 0 or 1, which then is a threshold
 */
export function windowRange({ kind, center, width }) {
  if (!WINDOWS.has(kind)) throw new RangeError(`${kind} is not a window; expected ${[...WINDOWS].join(", ")}`);
  if (!Number.isFinite(center) || !Number.isFinite(width)) {
    throw new RangeError(`window ${center}/${width} is not a number; show the film by percentiles instead`);
  }
  const [middle, half] = kind === "LINEAR" ? [center - 0.5, (width - 1) / 2] : [center, width / 2];
  const reach = Math.max(half, 0.001);
  return { lower: middle - reach, upper: middle + reach };
}

/** Centre and width that a LINEAR window of this range has. */
export const asWindow = ({ lower, upper }) => ({ center: (lower + upper) / 2 + 0.5, width: upper - lower + 1 });

/**
 * Table over the values min..max for a sigmoid (C.11.2.1.3.1) or a VOI LUT (C.11.2.1.1), scaled to 0..65535.
 *
 * @param {Voi} voi
 * @param {number} min lowest value of the picture
 * @param {number} max highest value of the picture
 * @returns {Uint16Array} entry i belongs to value min + i
 */
export function curveTable(voi, min, max) {
  const table = new Uint16Array(max - min + 1);
  if (voi.kind === "SIGMOID") {
    const width = voi.width || 1;
    for (let i = 0; i < table.length; i++) {
      table[i] = Math.round(FULL / (1 + Math.exp((-4 * (min + i - voi.center)) / width)));
    }
    return table;
  }
  if (voi.kind !== "LUT" || !voi.lut?.length) throw new RangeError(`VOI ${voi.kind} holds no curve`);
  const first = voi.lut_first ?? 0;
  const scale = FULL / (2 ** (voi.lut_bits ?? 16) - 1);
  for (let i = 0; i < table.length; i++) {
    const at = Math.min(Math.max(min + i - first, 0), voi.lut.length - 1);
    table[i] = Math.min(FULL, Math.round(voi.lut[at] * scale));
  }
  return table;
}

/** Send each value through a table made by curveTable. */
export function throughTable(values, table, min) {
  const out = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) out[i] = table[values[i] - min];
  return out;
}

/**
 * Eight-bit grey of each value min..max.
 *
 * @param {Range} range
 * @param {boolean} invert
 * @param {number} min
 * @param {number} max
 */
export function greyTable({ lower, upper }, invert, min, max) {
  const table = new Uint8ClampedArray(max - min + 1);
  for (let i = 0; i < table.length; i++) {
    const grey = ((min + i - lower) / (upper - lower)) * 255;
    table[i] = invert ? 255 - Math.min(Math.max(grey, 0), 255) : grey;
  }
  return table;
}

/**
 * Copy with everything that is not picture set to the value that shows black: padding and what the shutter covers.
 *
 * @param {{rows: number, columns: number, values: Uint16Array|Int16Array, min: number, max: number}} picture
 * @param {{padding?: [number, number]|null, shutter?: [number, number, number, number]|null, invert?: boolean}} how
 *   padding as lowest and highest value; shutter as left, right, upper, lower edge, 1-based, inside is shown
 * @returns {{rows: number, columns: number, values: Uint16Array|Int16Array, min: number, max: number}} min and max of
 *   what is left, so padding no longer stretches them
 */
export function maskPicture(picture, { padding, shutter, invert = false }) {
  if (!padding && !shutter) return picture;
  const { rows, columns } = picture;
  const [left, right, upper, lower] = shutter ?? [1, columns, 1, rows];
  const covered = (i) => {
    const column = (i % columns) + 1;
    const row = Math.floor(i / columns) + 1;
    return column < left || column > right || row < upper || row > lower;
  };
  const padded = (v) => padding && v >= padding[0] && v <= padding[1];
  const source = picture.values;
  const hide = new Uint8Array(source.length);
  let min = 65536;
  let max = -65536;
  for (let i = 0; i < source.length; i++) {
    if (padded(source[i]) || (shutter && covered(i))) {
      hide[i] = 1;
      continue;
    }
    if (source[i] < min) min = source[i];
    if (source[i] > max) max = source[i];
  }
  if (min > max) return picture; // nothing would be left to look at
  const values = source.slice();
  const black = invert ? max : min;
  for (let i = 0; i < values.length; i++) if (hide[i]) values[i] = black;
  return { rows, columns, values, min, max };
}

/**
 * Window that leaves out the darkest and brightest half per cent, for films that bring none.
 *
 * @param {{values: Uint16Array|Int16Array, min: number, max: number}} picture
 * @returns {Voi}
 */
export function percentileWindow({ values, min, max }, share = 0.005) {
  const counts = new Uint32Array(max - min + 1);
  for (let i = 0; i < values.length; i++) counts[values[i] - min] += 1;
  const limit = values.length * share;
  let [low, high] = [0, counts.length - 1];
  for (let sum = counts[low]; sum <= limit && low < high; sum += counts[low]) low += 1;
  for (let sum = counts[high]; sum <= limit && high > low; sum += counts[high]) high -= 1;
  return { kind: "PERCENTILE", center: min + (low + high) / 2, width: Math.max(1, high - low), label: "" };
}
