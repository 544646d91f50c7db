import { readFileSync } from "node:fs";

/** A golden table shared with the Python tests; each says who made it. */
export const golden = (name) => JSON.parse(readFileSync(new URL(`../golden/${name}.json`, import.meta.url), "utf8"));

/** The largest distance between two lists, or Infinity when they differ in length. */
export function farthest(a, b) {
  if (a.length !== b.length) return Infinity;
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}
