/** Toolbar and keys of the ECG viewer: each changes a setting at once, without a round trip to Python. */

import { button, choice, helpSheet, make, pressed, select, typing } from "../page/elements.mjs";
import { LAYOUTS } from "./paper.mjs";
import { BANDS } from "./filters.mjs";

export const SPEEDS = [25, 50];
export const GAINS = [5, 10, 20];
const after = (list, value) => list[(list.indexOf(value) + 1) % list.length];

/**
 * @param {(source: string) => string} t
 * @param {{get: (name: string) => any, set: (name: string, value: unknown) => void, act: Record<string, () => void>}} viewer
 *   `set` changes lead_layout, speed, gain, filter, notch, beats, findings or march; `act` holds page and size steps
 */
export function controls(t, { get, set, act }) {
  const bandName = (band) => (band === "off" ? t("Filter off") : `${band} Hz`);
  const layouts = choice(LAYOUTS.map((v) => [v, v]), { title: t("Layout"), key: "1 2 3", choose: (v) => set("lead_layout", v) });
  const speeds = choice(SPEEDS.map((v) => [String(v), String(v)]), { title: "mm/s", key: "S", choose: (v) => set("speed", Number(v)) });
  const gains = choice(GAINS.map((v) => [String(v), String(v)]), { title: "mm/mV", key: "G", choose: (v) => set("gain", Number(v)) });
  const bands = select({ title: `${t("Filter")} [F]`, choose: (v) => set("filter", v) });
  bands.fill(Object.keys(BANDS).map((band) => [band, bandName(band)]));
  const toggle = (name, label, hint, key) => button(label, { hint, key, name, press: () => set(name, !get(name)) });
  const toggles = {
    notch: toggle("notch", t("50 Hz notch"), t("Mains notch at 50 Hz"), "H"),
    beats: toggle("beats", t("Beats"), t("Beat marks and RR in ms"), "B"),
    findings: toggle("findings", t("Findings"), t("Places of the findings"), "D"),
    march: toggle("march", t("March"), t("Repeat the caliper along the row"), "M"),
  };
  const real = button(t("Real size"), { hint: t("One paper millimetre is one millimetre on this screen"), key: "R", name: "real", press: act.real });
  const pages = make("span", { class: "wb-group" },
    button("◀", { hint: t("Earlier"), key: "[", name: "earlier", press: act.earlier }),
    button("▶", { hint: t("Later"), key: "]", name: "later", press: act.later }));
  const where = make("span", { class: "wb-where" });
  const chip = make("span", { class: "wb-chip" });
  const help = helpSheet(t("Keys of the ECG viewer"), [
    ["1 2 3", t("Layout")], ["S", t("Paper speed")], ["G", t("Gain")], ["F", t("Filter")], ["H", t("Mains notch at 50 Hz")],
    ["B", t("Beat marks and RR in ms")], ["D", t("Places of the findings")], ["M", t("Repeat the caliper along the row")],
    ["[ ]", t("Earlier / later 10 s")], ["+ − 0", t("Larger, smaller, fit")], ["R", t("Real size")],
    [t("drag"), t("Caliper: ms, per minute, mV")], ["Esc", t("Remove the caliper")], ["?", t("This list")],
  ]);
  const tools = make("span", { class: "wb-tools" });
  const sized = make("span", { class: "wb-group" },
    button("−", { hint: t("Smaller"), key: "-", name: "smaller", press: act.smaller }),
    button(t("Fit"), { hint: t("Fit the width"), key: "0", name: "fit", press: act.fit }),
    button("+", { hint: t("Larger"), key: "+", name: "larger", press: act.larger }), real);
  const element = make("div", { class: "wb-bar", role: "toolbar", "aria-label": t("ECG viewer") },
    layouts.element,
    make("span", {}, speeds.element, " mm/s"), make("span", {}, gains.element, " mm/mV"),
    bands.element, toggles.notch, chip, tools,
    make("span", { class: "wb-push" }), pages, where,
    toggles.beats, toggles.findings, toggles.march, sized,
    button(t("Calibrate"), { hint: t("Measure this screen with a bank or identity card"), name: "calibrate", press: act.calibrate }),
    button("?", { hint: t("Keys"), key: "?", name: "help", press: () => (help.hidden = !help.hidden) }));

  const cycle = (name, list) => () => set(name, after(list, get(name)));
  const flip = (name) => () => set(name, !get(name));
  const keys = {
    1: () => set("lead_layout", LAYOUTS[0]), 2: () => set("lead_layout", LAYOUTS[1]), 3: () => set("lead_layout", LAYOUTS[2]),
    s: cycle("speed", SPEEDS), g: cycle("gain", GAINS), f: cycle("filter", Object.keys(BANDS)),
    h: flip("notch"), b: flip("beats"), d: flip("findings"), m: flip("march"),
    "[": act.earlier, "]": act.later, "+": act.larger, "=": act.larger, "-": act.smaller, 0: act.fit, r: act.real,
    Escape: act.clear, "?": () => (help.hidden = false),
  };
  const onKey = (event, others = {}) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event)) return;
    const wasOpen = !help.hidden;
    help.hidden = true;
    const step = keys[event.key] ?? keys[event.key.toLowerCase()] ?? others[event.key];
    if (!step && !wasOpen) return;
    event.preventDefault();
    if (!(wasOpen && (event.key === "?" || event.key === "Escape"))) step?.();
  };

  return {
    element, help, onKey, tools,
    /** More lines for the list of keys. */
    addHelp: (rows) => help.querySelector("dl").append(...rows.flatMap(([key, text]) => [make("dt", {}, key), make("dd", {}, text)])),
    /** Show the present settings. */
    show({ warn, page, sheets, from, to }) {
      layouts.show(get("lead_layout"));
      speeds.show(get("speed"));
      gains.show(get("gain"));
      bands.show(get("filter"));
      for (const [name, element] of Object.entries(toggles)) pressed(element, get(name));
      pressed(real, get("real"));
      real.disabled = !get("calibrated");
      chip.textContent = warn;
      pages.hidden = where.hidden = sheets < 2;
      pages.style.display = sheets < 2 ? "none" : "";
      where.textContent = sheets < 2 ? "" : `${from.toFixed(0)}–${to.toFixed(0)} s (${page + 1}/${sheets})`;
    },
  };
}
