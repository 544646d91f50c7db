/**
 * What a panel beside or under the paper may know and do. A panel is a function `mount(host)` that returns its own
 * `close()`; it stands in panels.mjs and never reaches into the viewer in any other way.
 *
 * @typedef {object} Host
 * @property {ReturnType<import("../page/python.mjs").talk>} python traits and texts of this one viewer
 * @property {(source: string) => string} t
 * @property {(content: object) => void} send a message {kind, ...} to Python
 * @property {HTMLElement} root takes the keys
 * @property {HTMLElement} side slot at the right of the paper; empty takes no room
 * @property {HTMLElement} under slot under the paper; empty takes no room
 * @property {HTMLElement} tools slot in the toolbar for a panel's buttons
 * @property {object|null} src what Python shows now
 * @property {import("./trace.mjs").Tracing|null} tracing decoded, before any filter; null while nothing is shown
 * @property {{speed: number, gain: number}} scale mm/s and mm/mV of the paper
 * @property {number} px CSS pixels per mm of the paper
 * @property {number|null} realPx CSS pixels per real mm of this display; null while it is not calibrated
 * @property {import("./paper.mjs").Sheet|null} sheet
 * @property {(event: "tracing"|"drawn"|"look"|"resize", act: (host: Host) => void) => () => void} on tracing: another one
 *   or none is shown; drawn: the paper was drawn; look: speed, gain, filter or layout changed; resize: the room changed.
 *   Returns what ends the listening.
 * @property {() => void} ask have the paper drawn anew
 * @property {(times: {s: number, colour?: string, label?: string}[]) => void} setTimes marks of time drawn through all rows
 * @property {(marks: object|null, from?: "reader"|"engine") => void} setMarks {p_on, p_off, qrs_on, j, t_end} in ms from the
 *   window's start, for the interval overlay; null goes back to those of src.beat
 * @property {(seconds: number) => void} showAt bring this time of the recording into view
 * @property {(keys: Record<string, () => void>, rows?: [string, string][]) => void} keys keys of the panel and their lines
 *   in the list of keys; a key that the viewer has goes to the viewer
 */

/** A small bulletin board: names of events, and who wants to hear of them. */
export function board() {
  const heard = new Map();
  return {
    on(event, act) {
      const acts = heard.get(event) ?? new Set();
      heard.set(event, acts.add(act));
      return () => acts.delete(act);
    },
    say: (event, fact) => [...(heard.get(event) ?? [])].forEach((act) => act(fact)),
    clear: () => heard.clear(),
  };
}

/** @returns {Host} */
export function hostOf({ python, t, root, side, under, tools, model, heard, ask, state, extra, scale, realPx, move, addKeys }) {
  return {
    python, t, root, side, under, tools, ask,
    send: (content) => model.send(content),
    on: heard.on,
    get src() { return state.src; },
    get tracing() { return state.tracing; },
    get scale() { return scale(); },
    get px() { return state.px; },
    get realPx() { return realPx() || null; },
    get sheet() { return state.sheet; },
    setTimes(times) {
      extra.times = times;
      ask();
    },
    setMarks(marks, from = "reader") {
      extra.marks = marks && { marks, from };
      ask();
    },
    showAt: (seconds) => move.show(seconds),
    keys: addKeys,
  };
}
