/** The median beat: all leads superimposed, five marks to drag, every number anew at once; kept as the reader's. */

import { button, make, pressed } from "../../page/elements.mjs";
import { fill } from "../../page/python.mjs";
import { report } from "../../page/timing.mjs";
import { clean, drawPaper } from "../draw.mjs";
import { drawPart, pointedAt } from "../pointing.mjs";
import { drawBeat, drawMark, drawName, drawScale, drawSpans } from "./draw.mjs";
import { layPanel, nearestLead, range, snap } from "./geometry.mjs";
import { handles } from "./handles.mjs";
import { MARKS, placeOf } from "./history.mjs";
import { fetchBeat, numbersOf } from "./load.mjs";
import { keptLine, numbers } from "./numbers.mjs";
import { NONE, sitting } from "./sitting.mjs";
import { stMap } from "./st_map.mjs";
import { BEAT_STYLE } from "./style.mjs";
import { beatTools } from "./tools.mjs";

const LOW_ROOM = 700; // px; under this height paper and beat do not fit above each other
const NARROW = 560;
const NEAR = 3; // mm from a trace within which the pointer names it

export const markNames = (t) => ({
  p_on: { short: t("P on"), long: t("P onset") }, p_off: { short: t("P off"), long: t("P end") },
  qrs_on: { short: t("QRS on"), long: t("QRS onset") }, j: { short: "J", long: t("J point") },
  t_end: { short: t("T end"), long: t("End of T") },
});

/** @param {import("../host.mjs").Host} host */
export function beatPanel(host) {
  const { t, python } = host;
  const names = markNames(t);
  const own = { open: false, whole: null, speed: 100, gain: null, picked: new Set(), hover: null, focus: null, point: null, refused: "" };
  const state = { beat: null, src: null, hand: sitting(), panel: null, error: "", values: null };
  const ratio = () => window.devicePixelRatio || 1;
  const measured = () => (python.get("measured")?.id === state.src?.id ? python.get("measured") ?? {} : {});
  const kept = () => measured().reader ?? null;

  const [ground, over] = [make("canvas"), make("canvas")];
  const marks = handles({ names, act: {
    begin: () => say(""),
    drag: (name, ms) => move(name, snap(ms, state.beat.rate, state.beat.samples)),
    end: () => {
      state.hand.settle();
      measureAgain();
    },
    step: (name, samples) => {
      say("");
      move(name, snap(state.hand.live()[name] + (samples * 1000) / state.beat.rate, state.beat.rate, state.beat.samples));
      state.hand.settle();
      measureAgain();
    },
    remove: (name) => put(name, null),
    focus: (name) => {
      own.focus = name;
      paintOver();
    },
  } });
  const paper = make("div", { class: "wb-beat-paper" }, ground, over, marks.layer);
  const said = make("div", { class: "wb-said", role: "status", "aria-live": "polite" });
  const leads = make("div", { class: "wb-leads", role: "group", "aria-label": t("Leads of the beat") });
  const table = numbers(t);
  const st = stMap(t, pick);
  const tools = beatTools(t, names, {
    speed: (v) => set("speed", v), gain: (v) => set("gain", v), whole: () => set("whole", !isWhole()), close: () => open(false),
    back: () => walk("back"), forth: () => walk("forth"), reset: () => walk("reset"),
    make: () => tell("make_beat"), keep: () => tell("keep_marks"), withdraw: () => tell("withdraw_marks"),
    add: (name) => put(name, snap(placeOf(state.hand.live(), name, state.beat.ms), state.beat.rate, state.beat.samples)),
  });
  const element = make("section", { class: "wb-beat", "aria-label": t("Median beat"), hidden: true, onkeydown: onKey },
    make("style", { textContent: BEAT_STYLE }),
    tools.element, paper, said, leads, make("div", { class: "wb-below" }, table.element, st.element));
  host.under.append(element);
  const toggle = button(t("Median beat"), { hint: t("Averaged beat of all leads with marks to drag"), key: "Q", name: "beat", press: () => open(!own.open) });
  host.tools.append(toggle);

  function say(text, kind = "") {
    said.textContent = text;
    said.dataset.kind = kind;
    own.refused = kind === "refused" ? text : "";
  }
  function set(name, value) {
    own[name] = value;
    show();
  }
  function pick(lead) {
    if (own.picked.has(lead)) own.picked.delete(lead);
    else own.picked.add(lead);
    show();
  }
  function tell(kind) {
    host.send({ kind, id: state.src.id, ...(kind === "keep_marks" ? { marks: state.hand.live() } : {}) });
  }
  /** Move a mark for the moment; a drag becomes one step when it ends. */
  function move(name, ms) {
    const refused = state.hand.move(name, ms);
    if (refused) say(fill(t("{mark} cannot lie before {after}; the mark stays where it is."), {
      mark: names[refused.mark].long, after: names[refused.after].long }), "refused");
    else if (own.refused) say("");
    measureAgain();
    paintOver();
    return !refused;
  }
  function put(name, ms) {
    if (!move(name, ms)) return;
    state.hand.settle();
    show();
    if (ms !== null) marks.focus(name);
  }
  function walk(way) {
    if (!state.beat) return;
    state.hand[way]();
    say("");
    show();
  }

  function measureAgain() {
    const { beat } = state;
    if (!beat) return;
    const live = state.hand.live();
    const stored = kept();
    const { moved, asKept } = state.hand.facts(stored?.marks);
    const outdated = stored?.outdated ?? "";
    state.values = asKept && !outdated ? stored.values : numbersOf(beat, live);
    const reader = asKept || moved ? state.values : null;
    const engine = beat.meta.engine ? `${beat.meta.engine.name} ${beat.meta.engine.version}` : "";
    table.show({
      reader, engine: numbersOf(beat, beat.marks), device: measured().device ?? {},
      heads: { reader: t("Reader"), engine: t("Engine"), device: t("Device") },
      unmeasured: t("no mark moved yet"),
      doubt: outdated,
      caption: [asKept ? keptLine(t, stored) + (outdated && ` · ${t("the numbers shown are of this beat, not kept yet")}`) : moved ? t("Reader's marks, not kept yet") : t("Marks of the engine"),
        measured().history ?? "", engine].filter(Boolean).join(" · "),
    });
    st.show({ values: state.values, names: beat.names, chosen: own.picked, missing: "",
      source: reader ? t("by the reader's marks") : t("by the engine's marks") });
    const may = Boolean(measured().may) && MARKS.some((name) => live[name] !== null);
    tools.allow({ ...state.hand.may(), moved, asKept, kept: stored !== null, outdated: outdated !== "", may, why: measured().why });
    host.setMarks(reader ? live : null, "reader");
    report("beat", { marks: live, values: state.values, kept: asKept, id: state.src?.id ?? "" });
  }

  const isWhole = () => own.whole ?? (host.under.parentElement.clientHeight < LOW_ROOM || host.under.clientWidth < NARROW);

  function show() {
    pressed(toggle, own.open);
    element.hidden = !own.open;
    if (!own.open) return;
    element.dataset.whole = String(isWhole());
    const { beat } = state;
    tools.show({ beat: beat !== null, ask: Boolean(measured().ask), speed: own.speed, gain: own.gain, whole: isWhole(), live: state.hand.live(), why: measured().reasons ?? {} });
    for (const one of [paper, leads, table.element, st.element]) one.style.display = beat ? "" : "none";
    if (!beat) return tools.say([state.error, kept()?.outdated].filter(Boolean).join(" · "));
    const { meta } = beat;
    tools.say([fill(t("mean of {beats} of {of} beats"), { beats: meta.beats, of: meta.of }),
      meta.calibrated === false ? t("voltage scale of the file unknown") : ""].filter(Boolean).join(" · "));
    leads.replaceChildren(
      button(t("All leads"), { name: "all-leads", press: () => {
        own.picked.clear();
        show();
      } }),
      ...beat.names.map((name) => {
        const label = meta.derived?.includes(name) ? `${name}*` : name;
        const one = button(label, { hint: fill(t("Show lead {lead} alone"), { lead: name }), name: `lead-${name}`, press: () => pick(name) });
        pressed(one, own.picked.has(name));
        return one;
      }));
    pressed(leads.firstChild, own.picked.size === 0);
    paintGround();
    measureAgain();
    paintOver();
  }

  function paintGround() {
    const { beat } = state;
    const width = element.clientWidth;
    if (!width) return;
    const room = host.under.parentElement.clientHeight;
    const height = Math.round(Math.min(Math.max(room * (isWhole() ? 0.46 : 0.3), 200), 460));
    const shown = own.picked.size ? beat.names.filter((name) => own.picked.has(name)) : beat.names;
    state.panel = layPanel({ ms: beat.ms, speed: own.speed, gain: own.gain, ...range(beat.leads, beat.levels, shown), width, height, ratio: ratio() });
    const wide = state.panel.width * state.panel.px;
    paper.style.height = `${height}px`;
    paper.style.width = `${wide}px`;
    const view = { px: state.panel.px, ratio: ratio(), x: 0, y: 0, wide, high: height };
    const pen = clean(ground, view);
    drawPaper(pen, state.panel, view);
    const pointed = pointedAt(python, state.src?.id);
    if (pointed) drawPart(pen, state.panel, pointed, state.hand.live());
    drawBeat(pen, state.panel, beat, { names: beat.names, bright: own.picked.size ? own.picked : new Set(pointed?.leads ?? []) });
    drawScale(pen, state.panel, `${own.speed} mm/s  ${state.panel.gain} mm/mV`);
    clean(over, view);
  }

  function paintOver() {
    const { beat, panel, values } = state;
    const live = state.hand.live();
    if (!beat || !panel || !own.open) return;
    const pen = over.getContext("2d");
    pen.clearRect(0, 0, over.width, over.height);
    for (const name of MARKS) if (live[name] !== null) drawMark(pen, panel, live[name], own.focus === name);
    const span = (text, from, to, value, row) => (value === null || live[from] === null || live[to] === null ? []
      : [{ from: live[from], to: live[to], text: `${text} ${Math.round(value)} ms`, row }]);
    drawSpans(pen, panel, [...span("PR", "p_on", "qrs_on", values.pr_ms, 0), ...span("QRS", "qrs_on", "j", values.qrs_ms, 0),
      ...span("QT", "qrs_on", "t_end", values.qt_ms, 1)]);
    if (own.hover) {
      drawBeat(pen, panel, beat, { names: [own.hover], hover: own.hover });
      drawName(pen, own.hover, own.point, panel.width * panel.px);
    }
    marks.place(panel, live, (ms) => `${Math.round(ms - (live.qrs_on ?? 0))} ms ${t("from QRS onset")}`);
  }

  marks.layer.addEventListener("pointermove", (event) => {
    if (!state.beat || marks.dragging()) return;
    const box = marks.layer.getBoundingClientRect();
    const { px } = state.panel;
    const point = { x: event.clientX - box.left, y: event.clientY - box.top };
    const shown = own.picked.size ? state.beat.names.filter((name) => own.picked.has(name)) : state.beat.names;
    const name = nearestLead(state.panel, { ...state.beat, names: shown }, { x: point.x / px, y: point.y / px }, NEAR);
    if (name === own.hover && !name) return;
    Object.assign(own, { hover: name, point });
    marks.layer.dataset.lead = name ?? "";
    paintOver();
  });
  marks.layer.addEventListener("pointerleave", () => {
    own.hover = null;
    marks.layer.dataset.lead = "";
    paintOver();
  });
  marks.layer.addEventListener("click", () => own.hover && pick(own.hover));

  function onKey(event) {
    const back = event.key.toLowerCase() === "z" && !event.shiftKey;
    const forth = event.key.toLowerCase() === "y" || (event.key.toLowerCase() === "z" && event.shiftKey);
    if (!(event.ctrlKey || event.metaKey) || !(back || forth)) return;
    event.preventDefault();
    event.stopPropagation();
    walk(back ? "back" : "forth");
  }

  function open(yes) {
    own.open = yes;
    own.whole = null;
    if (yes) host.under.dispatchEvent(new CustomEvent("wb-panel", { detail: "beat" }));
    show();
    if (yes) take();
    else host.root.focus({ preventScroll: true });
  }

  /** Fetch the beat of what is shown; what came too late is thrown away. */
  async function take() {
    const { src } = host;
    if (!own.open || !host.tracing || !src?.id) return;
    if (state.src?.id === src.id && state.src.beat?.url === src.beat?.url && state.beat) return void (state.src = src);
    wipe();
    state.src = src;
    if (!src.beat) {
      state.error = fill(t("No averaged beat: {why}"), { why: src.meta?.no_beat
        || t("this tracing was screened before averaged beats were made") });
      return show();
    }
    state.error = t("Loading the averaged beat…");
    show();
    try {
      const beat = await fetchBeat(src.beat, t);
      if (host.src?.id !== src.id || state.src !== src) return;
      state.beat = beat;
      state.hand.begin(beat.marks, kept()?.marks);
      report("beat", { shown: src.id, r_ms: src.beat.meta.r_ms, beats_s: src.beat.meta.beats_s });
    } catch (error) {
      if (state.src !== src) return;
      state.error = `${t("The averaged beat cannot be shown.")} ${error.message}`;
    }
    show();
  }
  function wipe() {
    Object.assign(state, { beat: null, src: null, panel: null, error: "", values: null });
    state.hand.begin(NONE);
    own.picked.clear();
    own.hover = null;
    say("");
    for (const canvas of [ground, over]) clean(canvas, { ratio: 1, x: 0, y: 0, wide: 1, high: 1 });
    report("beat", { shown: "", marks: NONE, values: null, id: "" });
    if (own.open) show();
  }
  /** A measurement was kept or withdrawn, here or by somebody else: follow it, unless marks were moved and not kept. */
  function follow() {
    if (!state.beat) return show();
    const followed = state.hand.follow(kept()?.marks);
    say(followed ? "" : t("The kept measurement changed meanwhile; your own marks still stand here."));
    show();
  }

  const ends = [
    host.on("tracing", () => (host.tracing ? take() : wipe())),
    host.on("resize", () => own.open && show()),
  ];
  host.under.addEventListener("wb-panel", (event) => event.detail !== "beat" && own.open && open(false));
  python.on("measured", follow);
  python.on("pointed", () => own.open && show());
  const watch = new ResizeObserver(() => {
    if (!own.open || element.clientWidth === own.width) return;
    own.width = element.clientWidth;
    show();
  });
  watch.observe(element);
  const press = () => open(!own.open);
  host.keys({ q: press, Q: press }, [["Q", t("Median beat")], ["Tab ← → Shift", t("Next mark; move it by 1 or 5 samples")]]);
  show();
  return () => {
    ends.forEach((end) => end());
    watch.disconnect();
    element.remove();
  };
}
