/** The marks of one reader at one beat: where they stand now, and against what they are compared. Pure. */

import { MARKS, moveMark, sameMarks, steps } from "./history.mjs";

export const NONE = Object.freeze(Object.fromEntries(MARKS.map((name) => [name, null])));

export function sitting() {
  let engine = NONE;
  let base = NONE; // what the screen showed before the reader moved anything: the kept marks, else the engine's
  let live = NONE;
  const track = steps(NONE);
  const start = (marks) => {
    base = { ...NONE, ...marks };
    live = base;
    track.begin(base);
  };
  return {
    live: () => live,
    engine: () => engine,
    may: track.may,
    begin(engineMarks, keptMarks) {
      engine = { ...NONE, ...engineMarks };
      start(keptMarks ?? engine);
    },
    /** Move a mark for the moment; gives the contradiction that forbids it, or null. */
    move(name, ms) {
      const { marks, refused } = moveMark(live, name, ms);
      live = marks;
      return refused;
    },
    /** What was moved since the last step is one step. */
    settle: () => track.take(live),
    back: () => (live = track.back()),
    forth: () => (live = track.forth()),
    reset() {
      live = engine;
      track.take(live);
    },
    /** Somebody kept or withdrew a measurement. Marks that were moved and not kept stay; false says so. */
    follow(keptMarks) {
      const now = { ...NONE, ...(keptMarks ?? engine) };
      const mine = sameMarks(live, now);
      if (mine || sameMarks(live, base)) {
        if (mine) base = now;
        else start(now);
        return true;
      }
      base = now;
      return false;
    },
    /** Whether the reader moved anything, and whether what stands is what was kept. */
    facts: (keptMarks) => ({ moved: !sameMarks(live, engine), asKept: Boolean(keptMarks) && sameMarks(live, { ...NONE, ...keptMarks }) }),
  };
}
