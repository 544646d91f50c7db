/** The ST map: level at J, J+60 and J+80 of every lead, as bars with their numbers; fill, not colour, tells them apart. */

import { button, make, pressed } from "../../page/elements.mjs";
import { fill } from "../../page/python.mjs";
import { written } from "./changes.mjs";
import { stBars } from "./geometry.mjs";

const HEIGHT = 96; // px, as in the style

/**
 * @param {(source: string) => string} t
 * @param {(lead: string) => void} choose a lead was clicked
 */
export function stMap(t, choose) {
  const table = make("table", { "data-table": "st" });
  const words = make("div", { class: "wb-dim" });
  const element = make("div", { class: "wb-st" }, words, table);
  const key = (kind, text) => make("span", { style: "margin-right:10px" }, make("span", { class: `wb-key ${kind}` }), text);

  function bars({ st, shown }, top) {
    const y = (mv) => ((top - mv) / (2 * top)) * HEIGHT;
    const lines = [0.1, 0, -0.1].map((mv) => make("i", { class: mv === 0 ? "zero" : "", style: `top:${y(mv)}px` }));
    const boxes = st.map((mv) => (mv === null ? make("b", { hidden: true })
      : make("b", { style: `top:${Math.min(y(mv), y(0))}px;height:${Math.max(1, Math.abs(y(mv) - y(0)))}px` })));
    return make("div", { class: "wb-bars", role: "img", "aria-label": `${shown} ${st.map((mv) => written(mv, 2, true) ?? "—").join(" ")} mV` }, ...lines, ...boxes);
  }

  return {
    element,
    /** @param {{values: object|null, names: string[], chosen: Set<string>, source: string, missing: string}} wish */
    show({ values, names, chosen, source, missing }) {
      if (!values) {
        words.textContent = missing;
        return table.replaceChildren();
      }
      const { top, bars: all } = stBars(values, names);
      words.replaceChildren(make("b", { style: "color:#fff;margin-right:8px" }, t("ST map (mV)")), source, " · ",
        key("j", "J"), key("j60", "J+60 ms"), key("j80", "J+80 ms"), fill(t("dashed lines ±0.1 mV, scale ±{top} mV"), { top: top.toFixed(1) }));
      const edge = (lead) => (lead === "V1" ? "chest" : "");
      const axis = make("div", { class: "wb-axis" }, ...[0.1, 0, -0.1].map((mv) => make("span", {
        style: `top:${((top - mv) / (2 * top)) * HEIGHT}px` }, written(mv, 1, true))));
      const reason = all.every(({ st }) => st.every((mv) => mv === null)) ? values.reasons?.[`st_j_mv.${all[0]?.lead}`] : "";
      table.replaceChildren(
        make("thead", {}, make("tr", {}, make("th"), ...all.map(({ lead, shown }) => {
          const own = button(shown, { hint: fill(t("Show lead {lead} alone"), { lead: shown }), name: `st-${lead}`, press: () => choose(lead) });
          pressed(own, chosen.has(lead));
          return make("th", { class: edge(lead) }, own);
        }))),
        make("tbody", {},
          make("tr", {}, make("th", {}, axis), ...all.map((one) => make("td", { class: edge(one.lead) }, bars(one, top)))),
          ...["J", "J+60", "J+80"].map((label, i) => make("tr", {}, make("th", {}, label), ...all.map(({ lead, st }) => make("td", {
            class: edge(lead), "data-st": `${lead}.${i}` }, written(st[i], 2, true) ?? "—"))))),
      );
      if (reason) words.append(make("div", { class: "warn" }, `${t("not measured: ")}${t(reason)}`));
    },
  };
}
