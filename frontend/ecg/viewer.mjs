/** The ECG viewer: paper, traces and calipers in one place, everything answered in the browser. */

import { make, notice } from "../page/elements.mjs";
import { talk } from "../page/python.mjs";
import { STYLE } from "../page/style.mjs";
import { holds, painted, report } from "../page/timing.mjs";
import { arrange, layoutFor, NARROW } from "./arrange.mjs";
import { calibration } from "./calibrate.mjs";
import { controls } from "./controls.mjs";
import { displayOf } from "./display.mjs";
import { clean, drawFooter, drawPaper, drawTraces } from "./draw.mjs";
import { leadsOverEdge } from "./edge.mjs";
import { distorts } from "./filters.mjs";
import { board, hostOf } from "./host.mjs";
import { measuring } from "./measuring.mjs";
import { drawBeats, drawFindings, drawIntervals, drawTimes } from "./overlay.mjs";
import { PANELS } from "./panels.mjs";
import { drawPointed, pointedAt, spotsOf } from "./pointing.mjs";
import { scrubBar } from "./scrub.mjs";
import { footer, gateWords } from "./sentences.mjs";
import { sources } from "./sources.mjs";
import { ECG_STYLE } from "./style.mjs";
import { moving } from "./moving.mjs";

const MAINS = 50;
/** Only what differs is written: each write makes the browser lay the page out anew. */
const resize = ({ style }, wide, high) => {
  for (const [name, value] of [["width", `${wide}px`], ["height", `${high}px`]]) if (style[name] !== value) style[name] = value;
};
const TRAITS = new Set(["lead_layout", "lead_order", "rhythm_lead", "speed", "gain", "high_pass", "low_pass", "notch"]);

export function render({ model, el }) {
  const python = talk(model);
  const t = python.text;
  const own = { beats: true, intervals: false, findings: true, march: false, snap: false, real: false, zoom: 1, start: 0, phone: "12x1", calibrated: {} };
  const state = { tracing: null, src: null, sheet: null, view: null, px: 4, span: 10, asked: 0, closed: false };
  const extra = { times: [], marks: null };
  const display = displayOf(window);
  const ratio = () => window.devicePixelRatio || 1;
  const narrow = () => scroll.offsetWidth > 0 && scroll.offsetWidth < NARROW;
  /** CSS pixels of one real millimetre on the screen where the page is now; 0 when nobody measured it. */
  const realPx = () => {
    const known = { ...python.get("calibrations"), ...own.calibrated }[display()];
    return known > 0 ? known / ratio() : 0;
  };
  const layout = () => layoutFor(narrow() ? own.phone : python.get("lead_layout"), state.tracing?.names ?? []);
  const choice = () => ({ highPass: python.get("high_pass"), lowPass: python.get("low_pass"), mains: python.get("notch") ? MAINS : 0 });
  const scale = () => ({ speed: python.get("speed"), gain: python.get("gain") });
  const get = (name) => {
    if (name === "layout") return layout();
    if (name === "realPx") return realPx();
    return TRAITS.has(name) ? python.get(name) : own[name];
  };
  const ask = () => (state.asked ||= requestAnimationFrame(paint));
  function set(name, value) {
    if (name === "layout" && narrow()) own.phone = value;
    else if (name === "layout") python.tell("lead_layout", value);
    else if (TRAITS.has(name)) python.tell(name, value);
    else own[name] = value;
    root.focus({ preventScroll: true });
    ask();
  }

  const [paper, traces, over] = ["paper", "traces", "over"].map((layer) => make("canvas", { "data-layer": layer }));
  const frame = make("div", { class: "wb-window" }, paper, traces, over);
  const sheetBox = make("div", { class: "wb-sheet" }, frame);
  const scroll = make("div", { class: "wb-paper" }, sheetBox);
  const gate = make("div", { class: "wb-gate", role: "alert" });
  const info = make("div", { class: "wb-info" });
  const [side, under] = ["side", "under"].map((place) => make("div", { class: `wb-slot wb-${place}` }));
  const { element: noticeBox, say } = notice();
  const heard = board();
  const kept = sources(t, choice);
  const calibrate = calibration(t, (pxPerMm) => {
    own.calibrated[display()] = pxPerMm; // at once; what the server remembers comes with the next page
    model.send({ kind: "calibrated", display: display(), px_per_mm: pxPerMm });
    ask();
  });
  const move = moving({ own, state, scroll, ask, realPx });
  const scrub = scrubBar(t, move.to);
  const measure = measuring({ python, own, state, over, scale, focus: () => root.focus({ preventScroll: true }), move, changed: () => showBar() });
  const bar = controls(t, {
    get, set,
    leads: () => state.tracing?.names ?? [],
    act: {
      ...move.acts, ...measure.acts,
      calibrate: () => calibrate.open(realPx() * ratio()),
      clear: () => (calibrate.isOpen ? calibrate.close() : measure.clear()),
    },
  });
  /** An open dialog has the keys to itself: arrows move its slider, not the recording. */
  const keyed = (event) => {
    if (!calibrate.isOpen) bar.onKey(event);
    else if (event.key === "Escape") calibrate.close();
  };
  const root = make("div", { class: "wb-viewer wb-ecg", tabIndex: 0, "aria-label": t("ECG viewer"), onkeydown: keyed },
    make("style", { textContent: STYLE + ECG_STYLE }), bar.element, gate,
    make("div", { class: "wb-stage wb-columns" }, make("div", { class: "wb-rows" }, scroll, scrub.element, under), side, noticeBox, bar.help, calibrate.element), info);
  el.append(root);

  /** The beat whose intervals are shown: marks of a panel, else of the engine; only beats it was made of carry them. */
  function beat() {
    const meta = state.src?.beat?.meta;
    const marks = extra.marks?.marks ?? meta?.marks;
    return meta && marks ? { beats_s: meta.beats_s ?? [], r_ms: meta.r_ms, marks } : null;
  }

  let barShows = "";
  function showBar() {
    const { tracing, sheet, span } = state;
    const now = {
      warn: distorts(choice()) ? t("ST and notches may be distorted") : "", seconds: tracing?.seconds ?? 0, from: sheet?.from ?? 0, to: sheet?.to ?? 0,
      long: Boolean(tracing) && tracing.seconds - span > 0.05, kept: measure.count, intervals: beat() !== null, strip: layout() === "3x4+1",
    };
    const key = JSON.stringify([now, get("layout"), get("real"), realPx(), tracing?.names, [...TRAITS].map(get), own.beats, own.intervals, own.findings, own.snap, own.march]);
    if (key === barShows) return; // writing to the page makes the browser lay it out anew, in the middle of a redraw
    barShows = key;
    bar.show(now);
  }

  function paint() {
    state.asked = 0;
    if (state.closed || !state.tracing || scroll.offsetWidth === 0) return;
    const began = performance.now();
    const { tracing } = state;
    const room = { wide: scroll.offsetWidth, high: scroll.offsetHeight, ratio: ratio() };
    root.classList.toggle("wb-narrow", narrow());
    const { leads: shown, leftOut } = kept.filtered(tracing);
    const wish = { layout: layout(), order: python.get("lead_order"), rhythm: python.get("rhythm_lead"), ...scale(), zoom: own.zoom, start: own.start, realPx: own.real ? realPx() : 0 };
    const { px, sheet, span, start } = arrange(tracing, wish, room);
    Object.assign(state, { px, sheet, span });
    own.start = start;
    const [width, height] = [sheet.width * px, sheet.height * px];
    resize(sheetBox, width, height);
    const onPixel = (css) => Math.round(css * ratio()) / ratio();
    const view = {
      px, ratio: ratio(), x: onPixel(Math.min(scroll.scrollLeft, Math.max(0, width - scroll.clientWidth))), y: onPixel(Math.min(scroll.scrollTop, Math.max(0, height - scroll.clientHeight))),
      wide: Math.min(width, scroll.clientWidth), high: Math.min(height, scroll.clientHeight),
    };
    state.view = view;
    resize(frame, view.wide, view.high);
    drawPaper(clean(paper, view), sheet, view);
    const pen = clean(traces, view);
    if (own.findings) drawFindings(pen, sheet, python.get("findings"), { ...scale(), seconds: tracing.seconds }, px);
    const pointed = pointedAt(python, state.src.id);
    const size = { ...scale(), seconds: tracing.seconds };
    if (pointed) drawPointed(pen, sheet, pointed, size, px);
    drawTimes(pen, sheet, extra.times, scale(), px);
    drawTraces(pen, sheet, { ...tracing, shown }, scale(), { ...view, noLead: t("not recorded") });
    if (own.beats) drawBeats(pen, sheet, python.get("beats_s"), scale(), px);
    if (own.intervals && beat()) drawIntervals(pen, sheet, beat(), scale(), px);
    drawFooter(pen, sheet, footer(t, {
      scale: scale(), filter: choice(), leftOut, rate: tracing.rate, fileCalibrated: state.src.meta.calibrated !== false,
      realShare: realPx() ? px / realPx() : null, derived: tracing.derived.length > 0, missing: layout() === "12x1" ? sheet.missing : [],
      over: leadsOverEdge(sheet, shown, tracing.rate, scale()),
    }), view);
    measure.draw();
    scrub.show({ id: state.src.id, seconds: tracing.seconds, from: sheet.from, to: sheet.to, beats: python.get("beats_s") });
    showBar();
    report("ecg", { draw_ms: performance.now() - began, pointed: pointed ? { key: pointed.key, spots: spotsOf(sheet, pointed, size).length } : null });
    heard.say("drawn", host);
  }

  /** Never leave one patient's trace on the screen while another one's is on its way. */
  function wipe() {
    Object.assign(state, { tracing: null, sheet: null, view: null });
    measure.forget();
    for (const canvas of [paper, traces, over]) clean(canvas, { ratio: 1, x: 0, y: 0, wide: 1, high: 1 });
    info.textContent = gate.textContent = "";
    extra.times = [];
    extra.marks = null;
    heard.say("tracing", host);
  }

  function showTexts({ meta }) {
    const { device = "" } = meta;
    const cart = typeof device === "string" ? [device] : [`${device?.maker ?? ""} ${device?.model ?? ""}`.trim(), ...(device?.statements ?? [])];
    info.textContent = [...cart, ...[meta.notes ?? []].flat()].filter(Boolean).join(" · ");
    gate.textContent = gateWords(meta.gate).join(" · ");
  }

  async function open() {
    const src = python.get("src") ?? {};
    if (state.src?.id === src.id && state.src?.url === src.url && state.tracing) {
      state.src = src; // the same tracing with more beside it
      showTexts(src);
      heard.say("tracing", host);
      return void ask();
    }
    const began = performance.now();
    state.src = src;
    own.start = 0;
    scroll.scrollTo(0, 0);
    wipe();
    holds("ecg", src.id ?? "");
    kept.turnTo(src, python.get("prefetch"));
    if (!src.id) return say(t("No tracing chosen"), "idle");
    say(t("Loading the tracing…"));
    let tracing;
    try {
      tracing = await kept.get(src);
    } catch (error) {
      if (state.src === src && !state.closed) {
        say(`${t("The tracing cannot be shown.")} ${error.message}`, "error");
        report("ecg", { shown: src.id, stage: "error" });
      }
      return;
    }
    if (state.src !== src || state.closed) return; // another one was chosen meanwhile
    say("");
    showTexts(src);
    state.tracing = tracing;
    heard.say("tracing", host);
    paint();
    await painted();
    if (state.src !== src || state.closed) return;
    const ms = performance.now() - began;
    report("ecg", { shown: src.id, stage: "full", ms });
    python.tell("shown", { id: src.id, ms });
    kept.keepOnly(src, python.get("prefetch"));
    if (document.activeElement === document.body) root.focus({ preventScroll: true });
    ahead();
  }
  function ahead() {
    kept.turnTo(state.src, python.get("prefetch"));
    if (state.tracing) kept.prefetch(python.get("prefetch")); // what is being opened comes first; open() calls again
  }

  const host = hostOf({ python, t, root, side, under, tools: bar.tools, model, heard, ask, state, extra, scale, realPx, move, addKeys: bar.addKeys });
  python.on("src", open);
  python.on("prefetch", ahead);
  python.on("lead_layout lead_order rhythm_lead speed gain high_pass low_pass notch", () => {
    heard.say("look", host);
    ask();
  });
  python.on("findings beats_s calibrations", ask);
  const fitHeight = () => {
    root.style.height = `${python.get("height")}px`;
    ask();
  };
  python.on("height", fitHeight);
  scroll.addEventListener("scroll", ask, { passive: true });
  const watch = new ResizeObserver(() => {
    heard.say("resize", host);
    ask();
  });
  fitHeight();
  watch.observe(scroll);
  showBar();
  const closers = PANELS.map((mount) => mount(host));
  open();

  return () => {
    state.closed = true;
    closers.forEach((close) => close?.());
    heard.clear();
    watch.disconnect();
    measure.close();
    cancelAnimationFrame(state.asked);
    kept.clear();
    python.close();
    root.remove();
  };
}
