/** Serial comparison: this ECG and an earlier one of the same patient, side by side, superimposed, and as a table. */

import { button, choice, make, pressed, select } from "../../page/elements.mjs";
import { fetchOwn, fill } from "../../page/python.mjs";
import { report } from "../../page/timing.mjs";
import { sheetWidth } from "../paper.mjs";
import { filterWords, overEdge } from "../sentences.mjs";
import { decodeTrace } from "../trace.mjs";
import { changes, overlap, shared, written } from "./changes.mjs";
import { bestOf, fetchBeat } from "./load.mjs";
import { namesOf, unitOf } from "./numbers.mjs";
import { drawHalf, drawOverlap, fits, legend } from "./pair.mjs";

const MAINS = 50;
const SIDE_BY_SIDE = 1040; // px; narrower, the two papers stand above each other

/** @param {import("../host.mjs").Host} host */
export function comparison(host) {
  const { t, python } = host;
  const own = { open: false, view: "papers", front: "now", chosen: null, asked: "" };
  const state = { src: null, other: null, then: null, beats: null, error: "" };
  const ratio = () => window.devicePixelRatio || 1;
  const names = namesOf(t);
  const list = select({ title: t("Earlier ECG"), choose: (id) => ask(id) });
  const views = choice([["papers", t("Side by side")], ["beats", t("Superimposed")], ["table", t("Changes")]], { title: t("View"), key: "X", choose: (v) => set("view", v) });
  const front = button(t("Earlier in front"), { hint: t("Which of the two beats lies on top"), name: "front", press: () => set("front", own.front === "now" ? "before" : "now") });
  const all = button(t("All leads"), { name: "compare-all", press: () => set("chosen", null) });
  const said = make("div", { class: "wb-said", role: "status", "aria-live": "polite" });
  const body = make("div", { class: "wb-compare-body" });
  const element = make("section", { class: "wb-compare", "aria-label": t("Comparison with an earlier ECG"), hidden: true, "data-whole": "true" },
    make("div", { class: "wb-bar" }, make("h3", {}, t("Comparison with an earlier ECG")), list.element, views.element, front, all,
      make("span", { class: "wb-push" }), button("✕", { hint: t("Close"), key: "V", name: "close-compare", press: () => open(false) })), said, body);
  host.under.append(element);
  const toggle = button(t("Compare"), { hint: t("Compare with an earlier ECG of this patient"), key: "V", name: "compare", press: () => open(!own.open) });
  host.tools.append(toggle);

  const priors = () => python.get("priors") ?? [];
  /** What Python laid beside this tracing; anything that was meant for another tracing does not exist here. */
  const other = () => {
    const given = python.get("compare") ?? {};
    return given.id && given.of === state.src?.id ? given : null;
  };

  function set(name, value) {
    own[name] = value;
    show();
  }
  function ask(id) {
    own.asked = id;
    forget();
    host.send({ kind: "compare", id });
    show();
  }
  function forget() {
    Object.assign(state, { other: null, then: null, beats: null, error: "" });
    body.replaceChildren();
    report("compare", { shown: "" });
  }

  async function take() {
    const given = other();
    if (!own.open || !given || state.other?.id === given.id) return follow();
    forget();
    state.other = given;
    own.asked = given.exam;
    show();
    const { src } = state;
    const same = () => state.other === given && host.src?.id === src.id;
    try {
      const [then, nowBeat, thenBeat] = await Promise.all([
        fetchOwn(given.url, t).then((answer) => answer.arrayBuffer()).then((bytes) => decodeTrace(bytes, given.meta)),
        src.beat ? fetchBeat(src.beat, t) : null, given.beat ? fetchBeat(given.beat, t) : null,
      ]);
      if (!same()) return undefined;
      state.then = then;
      state.beats = nowBeat && thenBeat ? { now: nowBeat, before: thenBeat } : null;
      report("compare", { shown: given.id });
    } catch (error) {
      if (!same()) return undefined;
      state.error = `${t("The earlier ECG cannot be shown.")} ${error.message}`;
    }
    return show();
  }
  const follow = () => own.open && show();

  const best = () => state.beats && {
    now: bestOf(state.beats.now, python.get("measured")?.id === state.src.id ? python.get("measured") : null),
    before: bestOf(state.beats.before, state.other.measured),
  };
  const line = (meta) => (meta.caption ?? []).filter(Boolean).join(" · ");

  function show() {
    pressed(toggle, own.open);
    toggle.disabled = priors().length === 0;
    element.hidden = !own.open;
    if (!own.open) return;
    list.fill([["", t("Choose an earlier ECG…")], ...priors().map(({ id, label }) => [id, label])]);
    list.show(own.asked);
    views.show(own.view);
    front.style.display = own.view === "beats" && state.beats ? "" : "none";
    pressed(front, own.front === "before");
    all.style.display = own.view === "beats" && own.chosen ? "" : "none";
    said.textContent = state.error || (state.then ? "" : own.asked ? t("Loading the earlier ECG…")
      : priors().length ? t("Choose an earlier ECG of this patient from the list.") : t("This patient has no earlier ECG here."));
    if (!state.then) return body.replaceChildren();
    if (own.view === "papers") papers();
    else if (!state.beats) body.replaceChildren(make("p", { class: "wb-who" }, t("One of the two ECGs has no averaged beat; compare the papers.")));
    else if (own.view === "beats") beats();
    else table();
    element.dataset.view = own.view;
  }

  function papers() {
    const width = body.clientWidth || element.clientWidth;
    const wide = width >= SIDE_BY_SIDE;
    const scale = host.scale;
    const room = (wide ? (width - 6) / 2 : width) - 18;
    const px = fits(room, sheetWidth(25), ratio());
    const filter = { highPass: python.get("high_pass"), lowPass: python.get("low_pass"), mains: python.get("notch") ? MAINS : 0 };
    const plan = { layout: python.get("lead_layout"), order: python.get("lead_order"), rhythm: python.get("rhythm_lead"), ...scale };
    const words = [`${scale.speed} mm/s`, `${scale.gain} mm/mV`, filterWords(t, filter)].join(" · ");
    const half = (name, meta, tracing, text) => {
      const canvas = make("canvas");
      const over = drawHalf(canvas, tracing, { plan, filter, px, ratio: ratio(), noLead: t("not recorded") });
      return make("figure", { class: `wb-half ${name}`, style: "margin:0", "data-half": name },
        make("figcaption", {}, make("b", {}, text), line(meta), make("span", { class: "wb-push" }), words,
          ...(over.length ? [make("b", { class: "wb-over" }, overEdge(t, over, scale.gain))] : [])),
        make("div", { class: "wb-scroll", tabIndex: 0, onscroll: (event) => together(event.target) }, canvas));
    };
    /** What is looked at on one paper is looked at on the other. */
    const together = (moved) => {
      for (const one of body.querySelectorAll(".wb-scroll")) {
        if (one.scrollTop !== moved.scrollTop) one.scrollTop = moved.scrollTop;
        if (one.scrollLeft !== moved.scrollLeft) one.scrollLeft = moved.scrollLeft;
      }
    };
    body.replaceChildren(make("div", { class: `wb-pair${wide ? " wide" : ""}` },
      half("present", state.src.meta, host.tracing, t("THIS ECG")), half("earlier", state.other.meta, state.then, t("EARLIER ECG"))));
  }

  function beats() {
    const { now, before } = state.beats;
    const found = best();
    const placed = overlap(now, before, found.now.marks, found.before.marks);
    if (!placed) return body.replaceChildren(make("p", { class: "wb-who" }, t("One of the two beats has no QRS onset, so they cannot be laid over each other.")));
    const canvas = make("canvas", { style: "display:block;margin:6px" });
    const cells = drawOverlap(canvas, { now, before, ...placed, chosen: own.chosen, front: own.front, width: (body.clientWidth || element.clientWidth) - 14,
      room: host.under.clientHeight - 110, ratio: ratio() });
    canvas.addEventListener("click", (event) => {
      const box = canvas.getBoundingClientRect();
      const [x, y] = [event.clientX - box.left, event.clientY - box.top];
      const cell = cells.find((one) => x >= one.x && x <= one.x + one.width && y >= one.y && y <= one.y + one.height);
      if (cell) set("chosen", own.chosen ? null : cell.lead);
    });
    const label = (head, meta, whose) => `${head} ${line(meta)} (${whose === "reader" ? t("by the reader's marks") : t("by the engine's marks")})`;
    return body.replaceChildren(legend(label(t("THIS ECG"), state.src.meta, found.now.whose), label(t("EARLIER ECG"), state.other.meta, found.before.whose)),
      make("div", { class: "wb-dim wb-who" }, t("QRS onsets laid over each other; the earlier beat is dashed. A click shows one lead alone.")), canvas);
  }

  function table() {
    const found = best();
    const whose = ({ whose: who }) => (who === "reader" ? t("Reader") : t("Engine"));
    const rows = changes(found.now.values, found.before.values, shared(state.beats.now, state.beats.before));
    const cell = (value, { decimals, unit }, signed = false) => {
      const text = written(value, decimals, signed);
      return text === null ? make("span", { class: "none" }, "—") : `${text} ${unitOf(t, unit)}`;
    };
    const when = (meta) => (meta.caption ?? []).at(-1) ?? "";
    const part = (some) => make("table", { class: "wb-numbers", "data-table": "changes" },
      make("thead", {}, make("tr", {}, make("th"), make("th", {}, t("THIS ECG"), make("br"), when(state.src.meta), make("br"), whose(found.now)),
        make("th", {}, t("EARLIER ECG"), make("br"), when(state.other.meta), make("br"), whose(found.before)), make("th", {}, t("Difference")))),
      make("tbody", {}, ...some.map((row) => make("tr", { "data-row": row.lead ? `${row.name}.${row.lead}` : row.name },
        make("th", { scope: "row" }, row.lead ? `${names[row.name]} ${row.lead}` : names[row.name]),
        make("td", {}, cell(row.now, row)), make("td", {}, cell(row.before, row)),
        make("td", { class: "changed" }, cell(row.change, row, true))))));
    body.replaceChildren(make("div", { class: "wb-below" }, part(rows.filter(({ lead }) => !lead)), part(rows.filter(({ lead }) => lead))));
  }

  function open(yes) {
    own.open = yes;
    if (yes) host.under.dispatchEvent(new CustomEvent("wb-panel", { detail: "compare" }));
    state.src = host.src;
    show();
    if (!yes) return host.root.focus({ preventScroll: true });
    if (other()) return take();
    return priors().length ? ask(own.asked || priors()[0].id) : undefined;
  }

  const ends = [
    host.on("tracing", () => {
      if (host.tracing && host.src?.id === state.src?.id) return void (state.src = host.src); // only its words changed
      forget();
      Object.assign(own, { chosen: null, asked: "" });
      state.src = host.tracing ? host.src : null;
      if (own.open) open(false);
    }),
    host.on("look", () => own.open && show()),
  ];
  host.under.addEventListener("wb-panel", (event) => event.detail !== "compare" && own.open && open(false));
  python.on("compare", () => own.open && take());
  python.on("measured", follow);
  python.on("priors", show);
  const watch = new ResizeObserver(() => {
    if (!own.open || element.clientWidth === own.width) return;
    own.width = element.clientWidth;
    show();
  });
  watch.observe(element);
  const press = () => !toggle.disabled && open(!own.open);
  const order = ["papers", "beats", "table"];
  const turn = () => own.open && set("view", order[(order.indexOf(own.view) + 1) % order.length]);
  const swap = () => own.open && own.view === "beats" && set("front", own.front === "now" ? "before" : "now");
  host.keys({ v: press, V: press, x: turn, X: turn, w: swap, W: swap },
    [["V", t("Compare with an earlier ECG of this patient")], ["X", t("Side by side, superimposed, changes")], ["W", t("Which of the two beats lies on top")]]);
  show();
  return () => {
    ends.forEach((end) => end());
    watch.disconnect();
    element.remove();
  };
}
