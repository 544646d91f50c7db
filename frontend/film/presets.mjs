/** Windows for a part of the body, from presets.json. Pure. */

import { groupOf } from "./parts.mjs";
import data from "./presets.json" with { type: "json" };

/**
 * Windows for the part shown.
 *
 * @param {{center: number, width: number}} whole window taken from the picture itself
 * @param {{part?: string, invert?: boolean}} film invert: the inversion of the file, under which dark values are high
 * @returns {(import("./grey.mjs").Voi & {preset: string})[]}
 */
export function presetsOf({ center, width }, { part, invert = false }) {
  const from = center - width / 2;
  return data.groups[groupOf(part)].map((preset) => {
    const [low, high] = invert ? data.presets[preset].map((share) => 1 - share).reverse() : data.presets[preset];
    return { kind: "LINEAR_EXACT", preset, center: from + ((low + high) / 2) * width, width: Math.max(1, (high - low) * width) };
  });
}
