/** The ECG viewer: paper, traces and caliper in one place, everything answered in the browser. */

import { make, notice } from "../page/elements.mjs";
import { fetchOwn, fill, talk } from "../page/python.mjs";
import { shelf } from "../page/shelf.mjs";
import { STYLE } from "../page/style.mjs";
import { holds, painted, report } from "../page/timing.mjs";
import { calibration } from "./calibrate.mjs";
import { controls } from "./controls.mjs";
import { drawBeats, drawCaliper, drawFindings, drawFooter, drawPaper, drawTraces, size } from "./draw.mjs";
import { BANDS, design, filterLead } from "./filters.mjs";
import { board } from "./host.mjs";
import { PANELS } from "./panels.mjs";
import { fitScale, layOut, readCaliper, sheetsOf, sheetWidth } from "./paper.mjs";
import { ECG_STYLE } from "./style.mjs";
import { decodeTrace } from "./trace.mjs";

const SCROLLBAR = 12;
const ZOOMS = [1, 1.25, 1.5, 2, 3];
const MAINS = 50;
const SMALLEST_FIT = 0.8; // of the width: beyond this, scrolling is better than a narrow sheet
const TRAITS = new Set(["lead_layout", "speed", "gain", "filter", "notch", "calibrated"]);

export function render({ model, el }) {
  const python = talk(model);
  const t = python.text;
  const own = { beats: true, findings: true, march: false, real: false, zoom: 0, page: 0 };
  const state = { tracing: null, src: null, sheet: null, px: 4, caliper: null, drag: false, filtered: null, closed: false };
  const get = (name) => (TRAITS.has(name) ? python.get(name) : own[name]);
  const ratio = () => window.devicePixelRatio || 1;
  const scale = () => ({ speed: python.get("speed"), gain: python.get("gain") });

  const [paper, traces, over] = [0, 1, 2].map(() => make("canvas"));
  const sheetBox = make("div", { class: "wb-sheet" }, paper, traces, over);
  const scroll = make("div", { class: "wb-paper" }, sheetBox);
  const info = make("div", { class: "wb-info" });
  const [side, under] = ["side", "under"].map((place) => make("div", { class: `wb-slot wb-${place}` }));
  const heard = board();
  const panels = { times: [], marks: null, keys: {}, close: [] };
  const { element: noticeBox, say } = notice();
  const calibrate = calibration(t, (pxPerMm) => {
    python.tell("px_per_mm", pxPerMm);
    python.tell("calibrated", true);
  });
  const turn = (step) => {
    own.page = Math.min(Math.max(own.page + step, 0), sheetsOf(state.tracing?.seconds ?? 0) - 1);
    dropCaliper();
    ask();
  };
  const grow = (step) => {
    own.real = false;
    own.zoom = step === 0 ? 0 : Math.min(Math.max(own.zoom + step, 0), ZOOMS.length - 1);
    ask();
  };
  const bar = controls(t, {
    get,
    set(name, value) {
      if (TRAITS.has(name)) return python.tell(name, value);
      own[name] = value;
      return ask();
    },
    act: {
      earlier: () => turn(-1), later: () => turn(1), larger: () => grow(1), smaller: () => grow(-1), fit: () => grow(0),
      real: () => {
        own.real = python.get("calibrated") && !own.real;
        ask();
      },
      calibrate: () => calibrate.open(python.get("px_per_mm")),
      clear: () => {
        calibrate.close();
        dropCaliper();
      },
    },
  });
  const root = make("div", { class: "wb-viewer wb-ecg", tabIndex: 0, "aria-label": t("ECG viewer"), onkeydown: (event) => bar.onKey(event, panels.keys) },
    make("style", { textContent: STYLE + ECG_STYLE }), bar.element,
    make("div", { class: "wb-stage wb-columns" }, make("div", { class: "wb-rows" }, scroll, under), side, noticeBox, bar.help, calibrate.element), info);
  el.append(root);

  /** Leads after the chosen filter, computed once per choice. */
  function filtered() {
    const key = [state.src.id, python.get("filter"), python.get("notch")].join("|");
    if (state.filtered?.key !== key) {
      const { sections, left_out: leftOut } = design(python.get("filter"), python.get("notch") ? MAINS : 0, state.tracing.rate);
      state.filtered = { key, leftOut, leads: state.tracing.leads.map((lead) => filterLead(lead, state.tracing.rate, sections)) };
    }
    return state.filtered;
  }

  /** Pixels per mm and the sheet that fits them. */
  function arrange() {
    const { names: leads, seconds } = state.tracing;
    const wish = { layout: python.get("lead_layout"), leads, seconds, page: own.page, ...scale() };
    const [wide, high] = [scroll.offsetWidth, scroll.offsetHeight];
    const least = layOut(wish);
    const perWidth = fitScale(wide, sheetWidth(25), ratio());
    const perHeight = fitScale(high, least.height, ratio());
    let px = Math.min(perWidth, Math.max(perHeight, perWidth * SMALLEST_FIT));
    if (least.height * px > high) px = Math.min(px, fitScale(wide - SCROLLBAR, sheetWidth(25), ratio()));
    px *= ZOOMS[own.zoom];
    if (own.real && python.get("calibrated")) px = python.get("px_per_mm") / ratio();
    const room = least.width * px > wide ? high - SCROLLBAR : high;
    state.px = px;
    state.sheet = layOut({ ...wish, heightMm: room / px });
  }

  function footer(leftOut) {
    const { speed, gain } = scale();
    const [band, notch] = [python.get("filter"), python.get("notch")];
    const chosen = band === "off" ? t("Filter off") : fill(t("Filter {band} Hz, zero phase"), { band });
    const parts = [{ text: `${speed} mm/s` }, { text: `${gain} mm/mV` }, { text: notch ? `${chosen} + ${t("50 Hz notch")}` : chosen }];
    if (leftOut.length) parts.push({ text: fill(t("not possible at this sampling rate: {edges}"), { edges: leftOut.join(", ") }), warn: true });
    if (BANDS[band].warn) parts.push({ text: t("ST and notches may be distorted"), warn: true });
    if (state.src.meta.calibrated === false) parts.push({ text: t("voltage scale of the file unknown"), warn: true });
    parts.push({ text: `${state.tracing.rate} Hz` });
    const perMm = state.px.toFixed(1);
    if (!python.get("calibrated")) parts.push({ text: fill(t("{px} px/mm, not calibrated: not to scale"), { px: perMm }), warn: true });
    else if (own.real) parts.push({ text: t("real size") });
    else parts.push({ text: fill(t("shown at {percent} % of real size"), { percent: Math.round((100 * state.px * ratio()) / python.get("px_per_mm")) }) });
    if (state.tracing.derived.length) parts.push({ text: t("* computed from other leads") });
    return parts;
  }

  function paint() {
    state.asked = 0;
    if (state.closed || !state.tracing || scroll.offsetWidth === 0) return;
    const began = performance.now();
    const { leads: shown, leftOut } = filtered();
    arrange();
    const { sheet, px } = state;
    const [width, height] = [sheet.width * px, sheet.height * px];
    sheetBox.style.width = `${width}px`;
    sheetBox.style.height = `${height}px`;
    drawPaper(size(paper, width, height, ratio()), sheet, px, ratio());
    const pen = size(traces, width, height, ratio());
    if (own.findings) drawFindings(pen, sheet, python.get("findings"), { ...scale(), seconds: state.tracing.seconds }, px);
    drawTraces(pen, sheet, { ...state.tracing, shown }, scale(), { px, noLead: t("not recorded") });
    if (own.beats) drawBeats(pen, sheet, python.get("beats_s"), scale(), px);
    drawFooter(pen, sheet, footer(leftOut), px);
    size(over, width, height, ratio());
    drawOver();
    bar.show({ warn: BANDS[python.get("filter")].warn ? t("ST and notches may be distorted") : "", page: own.page,
      sheets: sheetsOf(state.tracing.seconds), from: sheet.from, to: sheet.to });
    report("ecg", { draw_ms: performance.now() - began });
    heard.say("drawn", host);
  }
  const ask = () => (state.asked ||= requestAnimationFrame(paint));

  function drawOver() {
    const pen = over.getContext("2d");
    pen.clearRect(0, 0, over.width, over.height);
    const { caliper, sheet, px } = state;
    if (!caliper) return;
    const read = readCaliper(sheet, scale(), caliper.a, caliper.b);
    const rate = read.per_min !== null && read.ms >= 100 ? [`${read.per_min.toFixed(0)} /min`] : [];
    const row = Math.floor((caliper.a.y - sheet.top) / sheet.rowHeight);
    const limits = { x0: sheet.left, x1: sheet.width, y0: sheet.top + row * sheet.rowHeight, y1: sheet.top + (row + 1) * sheet.rowHeight,
      width: sheet.width, height: sheet.height };
    drawCaliper(pen, caliper, [`${read.ms.toFixed(0)} ms`, ...rate, `${read.mv.toFixed(2)} mV`], { px, march: own.march, limits });
  }
  function dropCaliper() {
    state.caliper = null;
    state.drag = false;
    if (Object.keys(python.get("caliper") ?? {}).length) python.tell("caliper", {});
    drawOver();
  }
  const point = (event) => {
    const box = over.getBoundingClientRect();
    return { x: (event.clientX - box.left) / state.px, y: (event.clientY - box.top) / state.px };
  };
  over.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !state.sheet) return;
    over.setPointerCapture(event.pointerId);
    root.focus({ preventScroll: true });
    const a = point(event);
    state.caliper = { a, b: a };
    state.drag = true;
  });
  over.addEventListener("pointermove", (event) => {
    if (!state.drag) return;
    const b = point(event);
    state.caliper.b = event.shiftKey ? { x: b.x, y: state.caliper.a.y } : b;
    drawOver();
  });
  const release = () => {
    if (!state.drag) return;
    state.drag = false;
    const { a, b } = state.caliper;
    if (Math.hypot(b.x - a.x, b.y - a.y) < 0.5) dropCaliper();
    else python.tell("caliper", readCaliper(state.sheet, scale(), a, b));
  };
  over.addEventListener("pointerup", release);
  over.addEventListener("pointercancel", release);

  const kept = shelf(async (src, signal) => decodeTrace(await (await fetchOwn(src.url, t, signal)).arrayBuffer(), src.meta));

  /** Never leave one patient's trace on the screen while another one's is on its way. */
  function wipe() {
    Object.assign(state, { tracing: null, filtered: null, sheet: null });
    state.caliper = null;
    for (const canvas of [paper, traces, over]) size(canvas, 1, 1, 1);
    info.textContent = "";
    panels.times = [];
    panels.marks = null;
    heard.say("tracing", host);
  }

  async function open() {
    const src = python.get("src") ?? {};
    if (state.src?.id === src.id && state.src?.url === src.url && state.tracing) return;
    const began = performance.now();
    state.src = src;
    own.page = 0;
    wipe();
    holds("ecg", src.id ?? "");
    if (Object.keys(python.get("caliper") ?? {}).length) python.tell("caliper", {});
    kept.turnTo(wanted());
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
    state.tracing = tracing;
    heard.say("tracing", host);
    say("");
    const { device = "" } = src.meta;
    const cart = typeof device === "string" ? [device] : [`${device?.maker ?? ""} ${device?.model ?? ""}`.trim(), ...(device?.statements ?? [])];
    info.textContent = [...cart, ...[src.meta.notes ?? []].flat()].filter(Boolean).join(" · ");
    paint();
    await painted();
    if (state.src !== src || state.closed) return;
    const ms = performance.now() - began;
    report("ecg", { shown: src.id, stage: "full", ms });
    python.tell("shown", { id: src.id, ms });
    kept.keepOnly(wanted());
    if (document.activeElement === document.body) root.focus({ preventScroll: true });
    ahead();
  }
  const wanted = () => new Set([state.src?.id, ...python.get("prefetch").slice(0, 2).map((src) => src.id)].filter(Boolean));
  function ahead() {
    kept.turnTo(wanted());
    if (!state.tracing) return; // what is being opened comes first; open() calls again
    kept.prefetch(python.get("prefetch").slice(0, 2));
  }

  const host = {
    python, t, root, side, under, tools: bar.tools, send: (content) => model.send(content), on: heard.on, ask,
    get src() { return state.src; },
    get tracing() { return state.tracing; },
    get scale() { return scale(); },
    get px() { return state.px; },
    get realPx() { return python.get("calibrated") ? python.get("px_per_mm") / ratio() : null; },
    get sheet() { return state.sheet; },
    setTimes(times) {
      panels.times = times;
      ask();
    },
    setMarks(marks, from = "reader") {
      panels.marks = marks && { marks, from };
      ask();
    },
    showAt(seconds) {
      turn(Math.floor(seconds / 10) - own.page);
    },
    keys(keys, rows = []) {
      Object.assign(panels.keys, keys);
      bar.addHelp(rows);
    },
  };

  python.on("src", open);
  python.on("prefetch", ahead);
  python.on("lead_layout speed gain", () => {
    dropCaliper(); // its corners belong to the old sheet
    heard.say("look", host);
    ask();
  });
  python.on("filter notch findings beats_s px_per_mm calibrated", ask);
  const fitHeight = () => {
    root.style.height = `${python.get("height")}px`;
    ask();
  };
  python.on("height", fitHeight);
  const watch = new ResizeObserver(() => {
    dropCaliper();
    heard.say("resize", host);
    ask();
  });
  fitHeight();
  watch.observe(scroll);
  bar.show({ warn: "", page: 0, sheets: 1, from: 0, to: 0 });
  panels.close = PANELS.map((mount) => mount(host));
  open();

  return () => {
    state.closed = true;
    panels.close.forEach((close) => close?.());
    heard.clear();
    watch.disconnect();
    cancelAnimationFrame(state.asked);
    kept.clear();
    python.close();
    root.remove();
  };
}
