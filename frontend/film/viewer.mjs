/** The film viewer: preview at once, full depth behind it, tools answered in the browser. */

import { make, notice } from "../page/elements.mjs";
import { fetchOwn, fill, talk } from "../page/python.mjs";
import { shelf } from "../page/shelf.mjs";
import { STYLE } from "../page/style.mjs";
import { holds, painted, report } from "../page/timing.mjs";
import { ahead as fitting } from "./ahead.mjs";
import { asking } from "./asking.mjs";
import { codecThreads } from "./codec_thread.mjs";
import { controls } from "./controls.mjs";
import { greysOf } from "./greys.mjs";
import { percentileWindow, veil } from "./grey.mjs";
import { marksOf } from "./marks.mjs";
import { pixelSize } from "./measure.mjs";
import { overlay } from "./overlay.mjs";
import { presetsOf } from "./presets.mjs";
import { dragProxy, firstSight, magnifier } from "./proxy.mjs";
import { sharpened } from "./sharpen.mjs";
import { openStage, start } from "./stage.mjs";
import { FILM_STYLE } from "./style.mjs";

export async function render({ model, el }) {
  const python = talk(model);
  const t = python.text;
  const state = { src: null, base: null, greys: null, stage: null, invert: false, sharp: false, tool: "Grey", level: "", asked: 0, closed: false };
  const { element: noticeBox, say } = notice();
  const screen = make("div", { class: "wb-screen", "data-empty": "true", oncontextmenu: (event) => event.preventDefault() });
  const preview = make("img", { class: "wb-preview", alt: "", hidden: true });
  const over = overlay(t);
  const arrowWords = asking(t("Words of the arrow"));
  const marks = marksOf(python, { stage: () => state.stage, film: () => state.src, picture: () => state.base, shown: () => state.greys !== null, changed: () => words() });
  const bar = controls(t, { use, preset, act: {
    invert: () => state.greys && change(() => (state.invert = !state.invert)),
    sharpen: () => state.greys && change(() => (state.sharp = !state.sharp)),
    next: () => state.greys && preset((state.greys.chosen + 1) % state.greys.vois.length),
    undo: () => marks.undo(), redo: () => marks.redo(),
    plain: () => state.greys && preset(state.greys.voi.kind === "LUT" ? state.greys.plain : state.greys.vois.findIndex((v) => v.kind === "LUT")),
    turn: () => onFilm((stage) => stage.turn()), flip: () => onFilm((stage) => stage.mirror()), fit: () => onFilm((stage) => stage.fit()),
    one: () => onFilm((stage) => stage.magnify(1 / (stage.magnification() * (window.devicePixelRatio || 1)))),
    reset: () => onFilm((stage) => {
      stage.straight();
      change(() => Object.assign(state, { invert: Boolean(state.src.meta.invert), sharp: false }));
      preset(0);
    }),
    remove: () => onFilm(() => marks.remove()),
    cancel: () => {
      marks.cancel();
      use("Grey");
    },
  } });
  const sight = firstSight(screen);
  const box = make("div", { class: "wb-stage" }, screen, preview, sight.element, ...over.elements, arrowWords.element, noticeBox, bar.help);
  const root = make("div", { class: "wb-viewer wb-film", tabIndex: 0, "aria-label": t("Film viewer"), onkeydown: bar.onKey,
    onpointerdown: () => root.focus({ preventScroll: true }) }, make("style", { textContent: STYLE + FILM_STYLE }), bar.element, box);
  root.style.height = `${python.get("height")}px`;
  el.append(root);

  function onFilm(act) {
    if (!state.greys) return;
    act(state.stage);
    words();
  }
  function use(tool) {
    state.tool = tool;
    state.stage?.use(tool);
    words();
  }
  /** Values as they are shown; what is measured are those of `state.base`. */
  let sharp = { of: null, picture: null };
  function displayed() {
    const { picture } = state.greys;
    if (!state.sharp) return veil(picture, state.invert);
    if (sharp.of !== picture) sharp = { of: picture, picture: sharpened(picture) };
    return veil(sharp.picture, state.invert);
  }
  const look = () => ({ picture: displayed(), range: state.greys.range });
  /** Apply what `act` changed to the greys. */
  function change(act) {
    const before = displayed();
    act();
    if (displayed() !== before) state.stage.exchange(displayed());
    state.stage.greys(state.greys.range, state.invert);
    words();
  }
  function preset(index) {
    if (state.greys) change(() => state.greys.choose(index));
  }

  /** Texts of toolbar and corners. */
  function words() {
    const { greys, stage, src, level } = state;
    const orientation = greys ? stage.orientation() : { turned: 0, mirrored: false };
    const warnings = [];
    if (level === "preview") warnings.push(t("Preview, not for reading"));
    if (orientation.mirrored) warnings.push(t("Mirrored"));
    if (orientation.turned) warnings.push(fill(t("Turned {degrees}°"), { degrees: orientation.turned }));
    if (greys && state.invert !== Boolean(src.meta.invert)) warnings.push(t("Inverted"));
    if (greys && state.sharp) warnings.push(t("Sharpened"));
    bar.show({ tool: state.tool, chosen: greys?.chosen ?? 0, inverted: greys ? state.invert !== Boolean(src.meta.invert) : false, sharp: state.sharp,
      hasCurve: greys?.hasLut ?? false, plain: greys ? greys.voi.kind !== "LUT" : false, warnings,
      canUndo: greys !== null && marks.canUndo, canRedo: greys !== null && marks.canRedo });
    over.show({ src, greys, stage, orientation, marks: greys ? marks.list() : [] });
  }

  const machine = await start();
  if (state.closed) return () => undefined;
  const threads = codecThreads();
  const films = shelf(async (src, signal) => {
    const began = performance.now();
    const buffer = await (await fetchOwn(src.full_url, t, signal)).arrayBuffer();
    const fetched = performance.now();
    const picture = await threads.decode(buffer, src.meta);
    report("film", { fetch_ms: fetched - began, decode_ms: performance.now() - fetched });
    return picture;
  });
  let proxy = null;
  let lens = null;
  function openViewport() {
    if (state.stage) return;
    state.stage = openStage(screen, {
      grey: (step) => {
        if (!state.greys) return;
        state.greys.drag(step);
        state.asked ||= requestAnimationFrame(() => {
          const began = performance.now();
          state.asked = 0;
          if (machine.software) proxy.show(look(), state.invert);
          else state.stage.greys(state.greys.range, state.invert);
          words();
          report("film", { drag_ms: performance.now() - began, drags: (window.__wb.film?.drags ?? 0) + 1 });
        });
      },
      lens: (at) => state.greys && lens.show(at, look(), state.invert),
      released: () => {
        lens.hide();
        setTimeout(() => state.closed || marks.settle()); // Cornerstone hears of the release after us
        if (!proxy.active()) return;
        cancelAnimationFrame(state.asked);
        state.asked = 0;
        state.stage.greys(state.greys.range, state.invert);
        words();
      },
      changed: marks.tell, ask: arrowWords.ask,
      lines: (tool, points) => (state.greys ? over.words.beside(tool, marks.values(tool, points), state.src.meta.spacing) : []),
    });
    proxy = dragProxy(state.stage);
    lens = magnifier(state.stage);
    box.append(lens.element);
    state.stage.onDrawn(() => {
      proxy.hide();
      if (state.greys) words();
    });
    use(state.tool);
  }

  /** Never leave one patient's film on the screen while another one's is on its way. */
  function wipe() {
    screen.dataset.empty = "true";
    preview.hidden = true;
    preview.removeAttribute("src");
    sight.hide();
    arrowWords.stop();
    Object.assign(state, { base: null, greys: null, level: "", invert: false, sharp: false });
    sharp = { of: null, picture: null };
    proxy?.hide();
    lens?.hide();
  }
  const coming = () => fitting(python.get("prefetch"), state.src);
  const wanted = () => new Set([state.src?.id, ...coming().map((src) => src.id)].filter(Boolean));
  async function shownAs(level, src, began) {
    state.level = level;
    words();
    await painted();
    if (state.closed || state.src !== src || state.level !== level) return false;
    const ms = performance.now() - began;
    report("film", { shown: src.id, stage: level, ms, software: machine.software, held: films.ids() });
    python.tell("shown", { id: src.id, stage: level, ms });
    return true;
  }

  async function openPreview(src, began) {
    preview.src = new URL(src.preview_url, location.origin).href;
    await preview.decode();
    if (state.src !== src || state.level === "full") return;
    preview.hidden = false;
    await shownAs("preview", src, began);
  }

  async function openFull(src, began) {
    const picture = await films.get(src);
    if (state.src !== src || state.closed) return;
    if (machine.tooLarge(picture)) {
      machine.drawWithoutCard();
      state.stage?.close();
      lens?.element.remove();
      state.stage = null;
    }
    openViewport();
    const invert = Boolean(src.meta.invert);
    const brought = src.meta.vois?.length ? src.meta.vois : [percentileWindow(picture)];
    const whole = brought.find(({ kind }) => kind === "PERCENTILE") ?? percentileWindow(picture);
    const greys = greysOf(picture, [...brought, ...presetsOf(whole, { part: src.meta.tags?.BodyPartExamined, invert })]);
    const first = veil(greys.picture, invert);
    if (machine.software) {
      sight.show({ picture: first, range: greys.range }, invert, pixelSize(src.meta.spacing));
      await painted();
      if (state.src !== src || state.closed) return;
      report("film", { seen: src.id, seen_ms: performance.now() - began });
    }
    await state.stage.show(src.id, first, src.meta.spacing);
    if (state.src !== src || state.closed) return;
    Object.assign(state, { base: picture, greys, invert });
    bar.offer(over.names(greys.vois).map((name) => ({ name })));
    const drawn = new Promise((done) => screen.addEventListener("CORNERSTONE_IMAGE_RENDERED", done, { once: true }));
    state.stage.greys(state.greys.range, state.invert);
    await drawn;
    if (state.src !== src || state.closed) return;
    screen.dataset.empty = "false";
    preview.hidden = true;
    sight.hide();
    say("");
    marks.opened();
    if (!(await shownAs("full", src, began))) return;
    films.keepOnly(wanted());
    if (document.activeElement === document.body) root.focus({ preventScroll: true });
    ahead();
  }

  async function open() {
    const src = python.get("src") ?? {};
    if (state.src && state.src.id === src.id && state.src.full_url === src.full_url && state.level === "full") {
      state.src = src; // the same film with other words, such as a new prior
      return;
    }
    const began = performance.now();
    state.src = src;
    wipe();
    holds("film", src.id ?? "");
    python.tellSoon("annotations", []);
    words();
    films.turnTo(wanted());
    if (!src.id) return say(t("No film chosen"), "idle");
    say(t("Loading the film…"));
    const held = films.ids().includes(src.id);
    const early = src.preview_url && !held ? openPreview(src, began).catch(() => undefined) : Promise.resolve();
    if (!src.full_url) {
      await early;
      return say(preview.hidden ? t("The film cannot be shown.") : t("Only the preview exists: not for reading"), "error");
    }
    try {
      await openFull(src, began);
    } catch (error) {
      await early;
      if (state.src !== src || state.closed) return;
      const failed = preview.hidden ? t("The film cannot be shown.") : t("Full depth cannot be shown; this preview is not for reading.");
      say(`${failed} ${error.message}`, "error");
      report("film", { shown: src.id, stage: "error" });
    }
  }
  function ahead() {
    films.turnTo(wanted());
    if (state.level !== "full") return; // what is being opened comes first; openFull calls again
    films.prefetch(coming().filter((src) => src.full_url)).then(() => report("film", { held: films.ids() }));
  }

  python.on("src", open);
  python.on("prefetch", ahead);
  python.on("marks", marks.take);
  python.on("height", () => (root.style.height = `${python.get("height")}px`));
  const watch = new ResizeObserver(() => state.greys && screen.clientWidth > 0 && state.stage.resize());
  watch.observe(screen);
  words();
  open();

  return () => {
    state.closed = true;
    watch.disconnect();
    cancelAnimationFrame(state.asked);
    films.clear();
    threads.close();
    state.stage?.close();
    python.close();
    root.remove();
  };
}
