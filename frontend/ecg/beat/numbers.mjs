/** The table of numbers: the reader's, the engine's and the device's side by side, each with its unit or its reason. */

import { make } from "../../page/elements.mjs";
import { fill } from "../../page/python.mjs";
import { NUMBERS, written } from "./changes.mjs";

const BAZETT = [60, 90]; // per minute; outside, the formula bends QT more than it corrects it

/** What a doctor calls each number. */
export const namesOf = (t) => ({
  heart_rate_bpm: t("Heart rate"), p_ms: t("P duration"), pr_ms: t("PR interval"), qrs_ms: t("QRS duration"), qt_ms: t("QT interval"),
  qtc_fridericia_ms: t("QTc (Fridericia)"), qtc_bazett_ms: t("QTc (Bazett)"), qtc_framingham_ms: t("QTc (Framingham)"),
  qtc_hodges_ms: t("QTc (Hodges)"), qtc_ms: t("QTc (formula not named)"), p_axis_deg: t("P axis"), qrs_axis_deg: t("QRS axis"),
  t_axis_deg: t("T axis"), st_j_mv: t("ST at J"), st_j60_mv: t("ST at J+60"), st_j80_mv: t("ST at J+80"),
});

/** Of all units only that of a rate is a word. */
export const unitOf = (t, unit) => (unit === "/min" ? t("/min") : unit);

/**
 * @param {(source: string) => string} t
 * @returns {{element: HTMLElement, show: (wish: {reader: object|null, engine: object|null, device: object, heads:
 *   Record<"reader"|"engine"|"device", string>, unmeasured: string, caption: string, doubt?: string}) => void}} doubt: why kept numbers do not stand
 */
export function numbers(t) {
  const names = namesOf(t);
  const heads = { reader: make("th"), engine: make("th"), device: make("th") };
  const caption = make("caption");
  const body = make("tbody");
  const element = make("table", { class: "wb-numbers", "data-table": "beat" }, caption,
    make("thead", {}, make("tr", {}, make("th"), ...Object.values(heads))), body);
  const none = (why) => make("span", { class: "none" }, why ? `${t("not measured: ")}${why}` : "—");
  function cell(values, name, unit, decimals, absent) {
    const text = values ? written(values[name], decimals) : null;
    if (text === null) return make("td", {}, none(values?.reasons?.[name] ? t(values.reasons[name]) : absent));
    const rate = values.heart_rate_bpm;
    const doubt = name === "qtc_bazett_ms" && (rate < BAZETT[0] || rate > BAZETT[1]);
    const found = make("td", { "data-value": name }, make("b", {}, text), ` ${unitOf(t, unit)}`);
    if (doubt) found.append(make("div", { class: "warn" }, t("unreliable outside 60–90/min")));
    return found;
  }
  return {
    element,
    show({ reader, engine, device, heads: words, unmeasured, caption: line, doubt = "" }) {
      caption.replaceChildren(line, ...(doubt ? [make("div", { class: "warn", role: "alert" }, doubt)] : []));
      for (const [name, head] of Object.entries(heads)) head.textContent = words[name];
      const rows = device.qtc_ms === undefined ? NUMBERS : NUMBERS.toSpliced(6, 0, ["qtc_ms", "ms", 0]);
      const columns = [[reader, unmeasured, "own"], [engine, t("no averaged beat"), ""], [device, t("not given by the device"), ""]];
      body.replaceChildren(...rows.map(([name, unit, decimals], i) => make("tr", { "data-row": name },
        make("th", { scope: "row" }, names[name]),
        ...columns.flatMap(([values, absent, look], column) => {
          const empty = !values || rows.every(([other]) => written(values[other], 0) === null && !values.reasons?.[other]);
          if (empty && i > 0) return []; // one reason for the whole column, said once
          const found = empty ? make("td", { rowSpan: rows.length }, none(absent))
            : name === "qtc_ms" && column < 2 ? make("td", {}, "—") : cell(values, name, unit, decimals, absent);
          found.classList.toggle("own", look === "own");
          found.dataset.column = ["reader", "engine", "device"][column];
          return [found];
        }))));
    },
  };
}

/** Who measured and when, in one line; "" without a kept measurement. */
export const keptLine = (t, kept) => (kept ? fill(t("Kept by {by} at {at}"), kept) : "");
