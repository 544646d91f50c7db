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

import { spans } from "./shutter.mjs";

const FULL = 65535;
const SHARE = 0.005; // of the pixels, at each end
/** What `veil` made last of a picture: it is asked for with every frame of a drag. */
const veiled = new WeakMap();
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
 * Copy that knows what is not picture: padding and what the shutter covers. `veil` makes it black.
 *
 * @param {{rows: number, columns: number, values: Uint16Array|Int16Array, min: number, max: number}} picture
 * @param {{padding?: [number, number]|null, shutter?: import("./shutter.mjs").Shutter|[number, number, number, number]|null,
 *   invert?: boolean}} how padding as lowest and highest value; a list of four edges is a rectangle, as copies had it first
 * @returns {{rows: number, columns: number, values: Uint16Array|Int16Array, min: number, max: number, hidden?: Uint8Array}}
 *   hidden is 1 where no picture is; the values there are the dark end of what is left, and min and max those of what is left
 */
export function maskPicture(picture, { padding, shutter, invert = false }) {
  if (!padding && !shutter) return picture;
  const { rows, columns, values: source } = picture;
  const form = Array.isArray(shutter) ? { rectangle: shutter } : shutter;
  const hidden = new Uint8Array(source.length);
  if (form) {
    hidden.fill(1);
    for (let row = 0; row < rows; row++) {
      for (const [first, last] of spans(form, row + 1, columns)) hidden.fill(0, row * columns + first - 1, row * columns + last);
    }
  }
  const [low, high] = padding ?? [1, 0];
  let min = 65536;
  let max = -65536;
  for (let i = 0; i < source.length; i++) {
    const v = source[i];
    if (hidden[i] || (v >= low && v <= high)) {
      hidden[i] = 1;
      continue;
    }
    if (v < min) min = v;
    if (v > max) max = v;
  }
  if (min > max) return picture; // nothing would be left to look at
  const values = source.slice();
  const dark = invert ? max : min;
  for (let i = 0; i < values.length; i++) if (hidden[i]) values[i] = dark;
  return { rows, columns, values, min, max, hidden };
}

/**
 * The picture with what is hidden black under every window and inversion: a value below, or inverted above, any range.
 *
 * A viewport has one table for all values, so "black" has to be a value that no range reaches; `limits` are such.
 *
 * @template {{values: Uint16Array|Int16Array, hidden?: Uint8Array, limits?: Range}} T
 * @param {T} picture as `greysOf` gives it
 * @param {boolean} invert
 * @returns {T} the same picture when nothing is hidden
 */
export function veil(picture, invert) {
  const { hidden, limits } = picture;
  if (!hidden || !limits) return picture;
  const before = veiled.get(picture);
  if (before?.invert === invert) return before.shown;
  const { lower, upper } = limits;
  const values = new (lower < -32768 || upper > 32767 ? Float32Array : Int16Array)(picture.values);
  const black = invert ? upper : lower;
  for (let i = 0; i < values.length; i++) if (hidden[i]) values[i] = black;
  const shown = { ...picture, values, min: lower, max: upper };
  veiled.set(picture, { invert, shown });
  return shown;
}

/**
 * Window that leaves out the darkest and brightest half per cent of what is picture, for films that bring none.
 *
 * @param {{values: Uint16Array|Int16Array, min: number, max: number, hidden?: Uint8Array}} picture
 * @returns {Voi}
 */
export function percentileWindow(picture) {
  if (!spread.has(picture)) spread.set(picture, percentiles(picture));
  return spread.get(picture);
}

/** @type {WeakMap<object, Voi>} */
const spread = new WeakMap();

/** Take the window of a film that a thread has found. */
export const keepWindow = (picture, voi) => spread.set(picture, voi);

function percentiles({ values, min, max, hidden }) {
  const counts = new Uint32Array(max - min + 1);
  let left = values.length;
  for (let i = 0; i < values.length; i++) {
    if (hidden?.[i]) left -= 1;
    else counts[values[i] - min] += 1;
  }
  const limit = left * SHARE;
  let [low, high] = [0, counts.length - 1];
  for (let sum = counts[low]; sum <= limit && low < high; sum += counts[low]) low += 1;
  for (let sum = counts[high]; sum <= limit && high > low; sum += counts[high]) high -= 1;
  return { kind: "PERCENTILE", center: min + (low + high) / 2, width: Math.max(1, high - low), label: "" };
}
