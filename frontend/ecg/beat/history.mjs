/** The marks a reader moves: their order on the beat, and the way back. Pure. */

export const MARKS = ["p_on", "p_off", "qrs_on", "j", "t_end"]; // as they follow each other on every beat

/** @typedef {Record<"p_on"|"p_off"|"qrs_on"|"j"|"t_end", number|null>} Marks ms from the beat's start */

export const sameMarks = (a, b) => MARKS.every((name) => (a?.[name] ?? null) === (b?.[name] ?? null)
  || Math.abs((a?.[name] ?? Infinity) - (b?.[name] ?? -Infinity)) < 1e-6);

/**
 * The first two marks that contradict each other, or null.
 *
 * @param {Marks} marks
 * @returns {{mark: string, after: string}|null} `mark` lies before `after` although it must follow it
 */
export function contradiction(marks) {
  const set = MARKS.filter((name) => marks[name] !== null && marks[name] !== undefined);
  for (let i = 1; i < set.length; i++) {
    const [before, name] = [set[i - 1], set[i]];
    const touching = before === "p_off" && name === "qrs_on"; // a PR segment may be empty, no wave may
    if (touching ? marks[name] < marks[before] - 1e-9 : marks[name] <= marks[before] + 1e-9) return { mark: name, after: before };
  }
  return null;
}

/**
 * Move one mark; a contradicting move is refused and changes nothing.
 *
 * @param {Marks} marks
 * @param {string} name
 * @param {number|null} ms null takes the mark away
 * @returns {{marks: Marks, refused: {mark: string, after: string}|null}}
 */
export function moveMark(marks, name, ms) {
  const wished = { ...marks, [name]: ms };
  const refused = contradiction(wished);
  return { marks: refused ? marks : wished, refused };
}

/** Where a missing mark is put when the reader asks for it: between its neighbours. */
export function placeOf(marks, name, length) {
  const usual = { p_on: -160, p_off: -60, qrs_on: 0, j: 90, t_end: 380 }; // ms from QRS onset
  const at = MARKS.indexOf(name);
  const before = MARKS.slice(0, at).findLast((other) => marks[other] !== null);
  const after = MARKS.slice(at + 1).find((other) => marks[other] !== null);
  const low = before ? marks[before] : 0;
  const high = after ? marks[after] : length;
  const wish = marks.qrs_on === null ? (low + high) / 2 : marks.qrs_on + usual[name];
  return wish > low && wish < high ? wish : (low + high) / 2;
}

/** Steps back and forth through what the reader did. */
export function steps(start) {
  let past = [];
  let now = { ...start };
  let ahead = [];
  return {
    now: () => now,
    /** Remember `next` as one step; the same marks again are no step. */
    take(next) {
      if (sameMarks(now, next)) return;
      past.push(now);
      now = { ...next };
      ahead = [];
    },
    back() {
      if (past.length === 0) return now;
      ahead.push(now);
      now = past.pop();
      return now;
    },
    forth() {
      if (ahead.length === 0) return now;
      past.push(now);
      now = ahead.pop();
      return now;
    },
    may: () => ({ back: past.length > 0, forth: ahead.length > 0 }),
    begin(marks) {
      past = [];
      ahead = [];
      now = { ...marks };
    },
  };
}
