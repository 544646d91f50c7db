/** Toolbar of the ECG viewer: each control changes a setting at once, without a round trip to Python. */

import { button, make, pressed, select } from "../page/elements.mjs";
import { HIGH_PASS, LOW_PASS } from "./filters.mjs";
import { keyboard, table } from "./keys.mjs";
import { LAYOUTS, ORDERS } from "./paper.mjs";

export const SPEEDS = [25, 50];
export const GAINS = [5, 10, 20];
const after = (list, value) => list[(list.indexOf(value) + 1) % list.length];

/**
 * @param {(source: string) => string} t
 * @param {{get: (name: string) => any, set: (name: string, value: unknown) => void, leads: () => string[], act: Record<string,
 *   () => void>}} viewer `set` changes a trait or a setting of this page; `act` holds everything that is done, not chosen
 */
export function controls(t, { get, set, leads, act }) {
  const off = (name) => `${name}: ${t("off")}`;
  const hertz = (name, values) => values.map((v) => [v, v ? `${name}: ${v} Hz` : off(name)]);
  const lists = { layout: LAYOUTS, lead_order: ORDERS, speed: SPEEDS, gain: GAINS, high_pass: HIGH_PASS, low_pass: LOW_PASS };
  const orders = { standard: t("Standard order"), cabrera: "Cabrera" };
  const named = {
    layout: [t("Layout"), "1–4", LAYOUTS.map((v) => [v, v.replace("x", "×")])],
    lead_order: [t("Order of the leads"), "O", ORDERS.map((v) => [v, orders[v]])],
    rhythm_lead: [t("Lead of the rhythm strip"), "Y", []],
    speed: [t("Paper speed"), "S", SPEEDS.map((v) => [v, `${v} mm/s`])],
    gain: [t("Gain"), "G", GAINS.map((v) => [v, `${v} mm/mV`])],
    high_pass: [t("High pass"), "F", hertz(t("HP"), HIGH_PASS)],
    low_pass: [t("Low pass"), "J", hertz(t("LP"), LOW_PASS)],
  };
  const words = new Set(["layout", "lead_order", "rhythm_lead"]);
  const selects = Object.fromEntries(Object.entries(named).map(([name, [title, key, choices]]) => {
    const own = select({ title: `${title} [${key}]`, choose: (v) => set(name, words.has(name) ? v : Number(v)) });
    own.element.dataset.name = name;
    own.fill(choices);
    return [name, own];
  }));
  let known = "";
  const offerLeads = () => {
    const all = leads();
    if (all.join() === known) return;
    known = all.join();
    selects.rhythm_lead.fill(all.map((lead) => [lead, lead]));
  };

  const toggle = (name, label, hint, key) => button(label, { hint, key, name, press: () => set(name, !get(name)) });
  const toggles = {
    notch: toggle("notch", t("50 Hz notch"), t("Mains notch at 50 Hz"), "H"),
    beats: toggle("beats", t("Beats"), t("Beat marks and RR in ms"), "B"),
    intervals: toggle("intervals", t("Intervals"), t("PR, QRS and QT on the rhythm strip"), "I"),
    findings: toggle("findings", t("Findings"), t("Places of the findings"), "D"),
    snap: toggle("snap", t("Snap"), t("Always snap to peaks"), "P"),
    march: toggle("march", t("March"), t("Repeat the caliper along the row"), "M"),
  };
  const remove = button(t("Delete"), { hint: t("Remove the chosen caliper"), key: "Delete", name: "remove", press: act.remove });
  const undo = button("↶", { hint: t("Undo"), key: "U", name: "undo", press: act.undo });
  const real = button(t("Real size"), { hint: t("One paper millimetre is one millimetre on this screen"), key: "R", name: "real", press: act.real });
  const pages = make("span", { class: "wb-group" },
    button("◀", { hint: t("Earlier"), key: "[", name: "earlier", press: act.earlier }),
    button("▶", { hint: t("Later"), key: "]", name: "later", press: act.later }));
  const where = make("span", { class: "wb-where", "data-name": "time" });
  const chip = make("span", { class: "wb-chip", "data-name": "warning" });
  const tools = make("span", { class: "wb-tools" });
  const sized = make("span", { class: "wb-group" },
    button("−", { hint: t("Smaller"), key: "-", name: "smaller", press: act.smaller }),
    button(t("Fit"), { hint: t("Fit the width"), key: "0", name: "fit", press: act.fit }),
    button("+", { hint: t("Larger"), key: "+", name: "larger", press: act.larger }), real);
  const group = (...parts) => make("span", { class: "wb-part" }, ...parts);
  const calibrate = button(t("Calibrate"), { hint: t("Measure this screen with a card or a ruler"), key: "C", name: "calibrate", press: act.calibrate });

  const keys = keyboard(t, table(t, {
    act,
    layout: (n) => set("layout", LAYOUTS[n]),
    flip: (name) => set(name, !get(name)),
    cycle: (name) => set(name, after(name === "rhythm_lead" ? leads() : lists[name], get(name))),
  }));
  const element = make("div", { class: "wb-bar", role: "toolbar", "aria-label": t("ECG viewer") },
    group(selects.layout.element, selects.lead_order.element, selects.rhythm_lead.element),
    group(selects.speed.element, selects.gain.element),
    group(selects.high_pass.element, selects.low_pass.element, toggles.notch, chip),
    tools, make("span", { class: "wb-push" }),
    group(pages, where),
    group(toggles.beats, toggles.intervals, toggles.findings),
    group(toggles.snap, toggles.march, remove, undo),
    group(sized, calibrate, button("?", { hint: t("Keys"), key: "?", name: "help", press: () => (keys.help.hidden = !keys.help.hidden) })));

  return {
    element, help: keys.help, onKey: keys.onKey, addKeys: keys.add, tools,
    /** Show the present settings. */
    show({ warn, seconds, from, to, long, kept, intervals, strip }) {
      offerLeads();
      for (const [name, own] of Object.entries(selects)) own.show(get(name));
      for (const [name, own] of Object.entries(toggles)) pressed(own, get(name));
      selects.rhythm_lead.element.disabled = !strip;
      toggles.intervals.disabled = !intervals;
      remove.disabled = kept === 0;
      pressed(real, get("real"));
      real.disabled = get("realPx") === 0;
      calibrate.classList.toggle("wb-wanted", get("realPx") === 0);
      chip.textContent = warn;
      pages.style.display = long ? "" : "none";
      where.textContent = long ? `${from.toFixed(0)}–${to.toFixed(0)} / ${seconds.toFixed(0)} s` : "";
    },
  };
}
