/**
 * Calipers kept on a tracing. They are held in seconds and millivolts of the recording, so they stay where they were put
 * when layout, speed, gain or size change. Pure.
 *
 * @typedef {{s: number, mv: number}} End mv is as drawn: of an inverted lead upside down
 * @typedef {{id: number, lead: string, rhythm: boolean, a: End, b: End}} Caliper lead and rhythm name the row it was put on
 * @typedef {{list: Caliper[], chosen: number}} Kept chosen is an id, 0 for none
 */

import { toPaper } from "./paper.mjs";

const MOST = 20; // more hide the trace
const STEPS = 60; // that can be taken back
const HALF_PEAK = 0.04; // s: how far a snap looks to both sides
const HALF_LEVEL = 0.12; // s: what a peak is measured against

/** A book of calipers with its history; each change is one step of undo. */
export function caliperBook() {
  let now = { list: [], chosen: 0 };
  let [past, future] = [[], []];
  let last = 0;
  const turn = (next) => {
    past = [...past.slice(1 - STEPS), now];
    future = [];
    now = next;
  };
  const find = (id) => now.list.find((one) => one.id === id);
  return {
    get list() { return now.list; },
    get chosen() { return find(now.chosen) ?? null; },
    /** Put a new one down; the oldest goes when there are too many. */
    add({ lead, rhythm = false, a, b }) {
      const id = (last += 1);
      turn({ list: [...now.list, { id, lead, rhythm, a, b }].slice(-MOST), chosen: id });
      return id;
    },
    /** Move ends; `begun` says that this is the first of the moves of one drag, so that undo takes the whole drag back. */
    move(id, ends, begun = false) {
      const next = { list: now.list.map((one) => (one.id === id ? { ...one, ...ends } : one)), chosen: id };
      if (begun) turn(next);
      else now = next;
    },
    choose: (id) => (now = { ...now, chosen: find(id) ? id : 0 }),
    remove(id = now.chosen) {
      if (!find(id)) return;
      const list = now.list.filter((one) => one.id !== id);
      turn({ list, chosen: list.at(-1)?.id ?? 0 });
    },
    removeAll: () => now.list.length && turn({ list: [], chosen: 0 }),
    undo() {
      if (!past.length) return;
      future = [...future, now];
      now = past.at(-1);
      past = past.slice(0, -1);
    },
    redo() {
      if (!future.length) return;
      past = [...past, now];
      now = future.at(-1);
      future = future.slice(0, -1);
    },
    /** Forget everything: another patient's tracing is shown. */
    forget() {
      now = { list: [], chosen: 0 };
      past = [];
      future = [];
    },
  };
}

/** The point of the recording under a place of the sheet, in the row of `cell`. */
export const endAt = (cell, { x, y }, { speed, gain }) => ({ s: cell.from + (x - cell.x0) / speed, mv: (cell.baseline - y) / gain });

/**
 * Where a caliper lies on this sheet.
 *
 * @param {import("./paper.mjs").Sheet} sheet
 * @param {Caliper} caliper
 * @param {import("./paper.mjs").Scale} scale
 * @returns {{a: {x: number, y: number}, b: {x: number, y: number}, cell: object}|null} mm; null when its lead or time is not
 *   on this sheet
 */
export function place(sheet, { lead, rhythm, a, b }, scale) {
  const [from, to] = [Math.min(a.s, b.s), Math.max(a.s, b.s)];
  const fits = sheet.cells.filter((cell) => cell.lead === lead && cell.index >= 0 && cell.from <= to && cell.to >= from);
  const holdsA = (cell) => a.s >= cell.from && a.s <= cell.to;
  const cell = fits.find((c) => c.rhythm === rhythm && holdsA(c)) ?? fits.find(holdsA) ?? fits[0];
  if (!cell) return null;
  const at = ({ s, mv }) => toPaper({ ...cell, inverted: false }, s, mv, scale);
  return { a: at(a), b: at(b), cell };
}

/** Which end of which caliper lies under a point (mm), within `reach` mm; the chosen one first, then the newest. */
export function endNear(sheet, { list, chosen }, point, scale, reach) {
  const order = [...list].sort((p, q) => (q.id === chosen?.id) - (p.id === chosen?.id) || q.id - p.id);
  for (const one of order) {
    const at = place(sheet, one, scale);
    if (!at) continue;
    const [da, db] = [at.a, at.b].map(({ x, y }) => Math.hypot(point.x - x, point.y - y));
    if (Math.min(da, db) <= reach) return { id: one.id, end: db <= da ? "b" : "a" };
  }
  return null;
}

/**
 * The peak or trough next to a time: the sample farthest from the level around it.
 *
 * @param {Float32Array} lead mV, NaN where nothing was recorded
 * @param {number} rate Hz
 * @param {number} seconds
 * @returns {End|null} null when nothing was recorded there
 */
export function snapToPeak(lead, rate, seconds) {
  const within = (half) => [Math.max(0, Math.ceil((seconds - half) * rate)), Math.min(lead.length - 1, Math.floor((seconds + half) * rate))];
  const [wideFrom, wideTo] = within(HALF_LEVEL);
  const around = Array.from(lead.subarray(wideFrom, wideTo + 1)).filter((mv) => !Number.isNaN(mv)).sort((p, q) => p - q);
  if (!around.length) return null;
  const level = around[around.length >> 1];
  const [from, to] = within(HALF_PEAK);
  let best = -1;
  for (let i = from; i <= to; i++) {
    if (!Number.isNaN(lead[i]) && (best < 0 || Math.abs(lead[i] - level) > Math.abs(lead[best] - level))) best = i;
  }
  return best < 0 ? null : { s: best / rate, mv: lead[best] };
}
