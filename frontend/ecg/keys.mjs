/** The keys of the ECG viewer and the list that names them: one table, so that they cannot differ. */

import { helpSheet, make, typing } from "../page/elements.mjs";

/**
 * @param {(source: string) => string} t
 * @param {{cycle: (name: string) => void, flip: (name: string) => void, layout: (n: number) => void, act: Record<string, () =>
 *   void>}} viewer
 * @returns {[string[], string, string, () => void][]} keys as `event.key` (ctrl+ in front), what the list shows, what it does
 */
export function table(t, { cycle, flip, layout, act }) {
  return [
    [["1"], "1 2 3 4", t("Layout"), () => layout(0)], [["2"], "", "", () => layout(1)], [["3"], "", "", () => layout(2)], [["4"], "", "", () => layout(3)],
    [["o"], "O", t("Order of Cabrera"), () => cycle("lead_order")],
    [["y"], "Y", t("Lead of the rhythm strip"), () => cycle("rhythm_lead")],
    [["s"], "S", t("Paper speed"), () => cycle("speed")],
    [["g"], "G", t("Gain"), () => cycle("gain")],
    [["f"], "F", t("High pass"), () => cycle("high_pass")],
    [["j"], "J", t("Low pass"), () => cycle("low_pass")],
    [["h"], "H", t("Mains notch at 50 Hz"), () => flip("notch")],
    [["b"], "B", t("Beat marks and RR in ms"), () => flip("beats")],
    [["i"], "I", t("PR, QRS and QT on the rhythm strip"), () => flip("intervals")],
    [["d"], "D", t("Places of the findings"), () => flip("findings")],
    [["ArrowLeft"], "← →", t("1 s earlier / later"), act.back], [["ArrowRight"], "", "", act.forth],
    [["["], "[ ]", t("Earlier / later 10 s"), act.earlier], [["]"], "", "", act.later],
    [["Home"], "Home End", t("Begin and end of the recording"), act.first], [["End"], "", "", act.last],
    [["+", "="], "+ − 0", t("Larger, smaller, fit"), act.larger], [["-"], "", "", act.smaller], [["0"], "", "", act.fit],
    [["r"], "R", t("Real size"), act.real],
    [[], t("drag"), t("Caliper: ms, per minute, mV"), null],
    [[], t("Shift + drag"), t("Only time"), null],
    [[], t("Alt + drag"), t("Snap to the peak"), null],
    [[], t("touch"), t("Drag moves, two fingers enlarge, hold draws a caliper"), null],
    [["p"], "P", t("Always snap to peaks"), () => flip("snap")],
    [["m"], "M", t("Repeat the caliper along the row"), () => flip("march")],
    [["Delete", "Backspace"], "Delete", t("Remove the chosen caliper"), act.remove],
    [["Escape"], "Esc", t("Remove all calipers"), act.clear],
    [["u", "ctrl+z"], "U", t("Undo"), act.undo], [["ctrl+y", "ctrl+shift+z"], "Ctrl+Y", t("Redo"), act.redo],
    [["c"], "C", t("Calibrate this screen"), act.calibrate],
    [["?"], "?", t("This list"), null],
  ];
}

/**
 * @param {(source: string) => string} t
 * @param {ReturnType<typeof table>} rows
 */
export function keyboard(t, rows) {
  const help = helpSheet(t("Keys of the ECG viewer"), rows.filter(([, shown]) => shown).map(([, shown, text]) => [shown, text]));
  const own = new Map(rows.flatMap(([keys, , , act]) => keys.map((key) => [key, act])));
  const others = new Map();
  return {
    help,
    /** Keys of a panel, and their lines in the list. */
    add(keys, lines = []) {
      for (const [key, act] of Object.entries(keys)) others.set(key, act);
      help.querySelector("dl").append(...lines.flatMap(([key, text]) => [make("dt", {}, key), make("dd", {}, text)]));
    },
    onKey(event) {
      if (event.metaKey || event.altKey || typing(event)) return;
      const held = event.ctrlKey ? `ctrl+${event.shiftKey ? "shift+" : ""}` : "";
      const wasOpen = !help.hidden;
      help.hidden = true;
      const names = held ? [held + event.key.toLowerCase()] : [event.key, event.key.toLowerCase()];
      const name = names.find((key) => own.has(key) || others.has(key));
      if (name === undefined && !(wasOpen && !held)) return;
      event.preventDefault();
      if (name === "?") help.hidden = wasOpen;
      else if (!(wasOpen && name === "Escape")) (own.get(name) ?? others.get(name))?.();
    },
  };
}
