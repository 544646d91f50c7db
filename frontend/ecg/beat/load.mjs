/** Fetching one averaged beat, and what may be said about it. */

import { fetchOwn } from "../../page/python.mjs";
import { measure } from "../marks.mjs";
import { decodeTrace } from "../trace.mjs";
import { levelsAt } from "./geometry.mjs";
import { MARKS } from "./history.mjs";

/**
 * @typedef {{leads: Record<string, Float32Array>, names: string[], rate: number, samples: number, ms: number, meta: any,
 *   marks: import("./history.mjs").Marks, levels: Record<string, number>}} Beat marks are the engine's; levels lay all
 *   leads on one baseline for looking, what is measured takes its own
 */

/** @returns {Promise<Beat>} */
export async function fetchBeat({ url, meta }, t, signal) {
  const { names, leads: rows, rate, seconds } = decodeTrace(await (await fetchOwn(url, t, signal)).arrayBuffer(), meta);
  const leads = Object.fromEntries(names.map((name, i) => [name, rows[i]]));
  const marks = Object.fromEntries(MARKS.map((name) => [name, meta.marks?.[name] ?? null]));
  const samples = Math.round(seconds * rate);
  return { leads, names, rate, samples, ms: (lastOf(rows) * 1000) / rate, meta, marks, levels: levelsAt(leads, rate, marks.qrs_on) };
}

/** The last sample that any lead holds: beyond the neighbouring beat there is nothing to show. */
const lastOf = (rows) => Math.max(1, ...rows.map((row) => row.findLastIndex((mv) => !Number.isNaN(mv))));

/** Numbers of a beat between these marks. */
export const numbersOf = (beat, marks) => measure(beat.leads, beat.rate, marks, beat.meta.rr_ms ?? null, beat.meta.calibrated !== false);

/** The kept measurement of a reader if there is one that stands, else the engine's; and whose they are. */
export function bestOf(beat, measured) {
  const kept = measured?.reader;
  if (kept && !kept.outdated) return { marks: kept.marks, values: kept.values, whose: "reader" };
  return { marks: beat.marks, values: numbersOf(beat, beat.marks), whose: "engine" };
}
