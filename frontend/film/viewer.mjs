/** The film viewer: preview at once, full depth behind it, tools answered in the browser. */

import { make, notice } from "../page/elements.mjs";
import { fetchOwn, fill, talk } from "../page/python.mjs";
import { shelf } from "../page/shelf.mjs";
import { STYLE } from "../page/style.mjs";
import { holds, painted, report } from "../page/timing.mjs";
import { decodePicture } from "./codec.mjs";
import { controls } from "./controls.mjs";
import { greysOf } from "./greys.mjs";
import { maskPicture } from "./grey.mjs";
import { angleOf, hasMillimetres, lengthOf } from "./measure.mjs";
import { dragProxy, magnifier } from "./proxy.mjs";
import { openStage, start } from "./stage.mjs";
import { FILM_STYLE } from "./style.mjs";

const AHEAD = 2;
const MEASURES = { Length: lengthOf, Angle: angleOf };

export async function render({ model, el }) {
  const python = talk(model);
  const t = python.text;
  const state = { src: null, greys: null, stage: null, invert: false, tool: "Grey", level: "", asked: 0, closed: false, serial: 0 };
  const { element: noticeBox, say } = notice();
  const screen = make("div", { class: "wb-screen", "data-empty": "true", oncontextmenu: (event) => event.preventDefault() });
  const preview = make("img", { class: "wb-preview", alt: "", hidden: true });
  const corner = Object.fromEntries(["nw", "sw", "se"].map((at) => [at, make("div", { class: "wb-corner", "data-at": at })]));
  const bar = controls(t, { use, preset, act: {
    invert: () => state.greys && change(() => (state.invert = !state.invert)),
    plain: () => state.greys && preset(state.greys.voi.kind === "LUT" ? state.greys.plain : state.greys.vois.findIndex((v) => v.kind === "LUT")),
    turn: () => onFilm((stage) => stage.turn()), flip: () => onFilm((stage) => stage.mirror()), fit: () => onFilm((stage) => stage.fit()),
    one: () => onFilm((stage) => stage.magnify(1 / (stage.magnification() * (window.devicePixelRatio || 1)))),
    reset: () => onFilm((stage) => {
      stage.straight();
      state.invert = Boolean(state.src.meta.invert);
      preset(0);
    }),
    remove: () => onFilm((stage) => {
      stage.removeLast();
      tellMarks();
    }),
    cancel: () => {
      state.stage?.cancel();
      use("Grey");
    },
  } });
  const box = make("div", { class: "wb-stage" }, screen, preview, ...Object.values(corner), noticeBox, bar.help);
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
  /** Apply what `act` changed to the greys. */
  function change(act) {
    const before = state.greys.picture;
    act();
    if (state.greys.picture !== before) state.stage.exchange(state.greys.picture);
    state.stage.greys(state.greys.range, state.invert);
    words();
  }
  function preset(index) {
    if (state.greys) change(() => state.greys.choose(index));
  }

  const unitName = (unit) => ({ mm: "mm", "mm-detector": t("mm (detector plane)"), px: "px", deg: "°" })[unit];
  const line = (tool) => (points) => {
    const { value, unit } = MEASURES[tool](points, state.src.meta.spacing);
    if (!Number.isFinite(value)) return [];
    return [`${value.toFixed(1)}${unit === "deg" ? "" : " "}${unitName(unit)}`];
  };
  function tellMarks() {
    const spacing = state.src?.meta?.spacing;
    const marks = (state.stage?.annotations() ?? []).filter(({ tool, points }) => points.length === (tool === "Angle" ? 3 : 2))
      .map((mark) => ({ ...mark, ...MEASURES[mark.tool](mark.points, spacing) })).filter(({ value }) => Number.isFinite(value));
    python.tellSoon("annotations", marks);
  }

  /** Texts of toolbar and corners. */
  function words() {
    const { greys, stage, src, level } = state;
    const { turned, mirrored } = greys ? stage.orientation() : { turned: 0, mirrored: false };
    const warnings = [];
    if (level === "preview") warnings.push(t("Preview, not for reading"));
    if (mirrored) warnings.push(t("Mirrored"));
    if (turned) warnings.push(fill(t("Turned {degrees}°"), { degrees: turned }));
    if (greys && state.invert !== Boolean(src.meta.invert)) warnings.push(t("Inverted"));
    bar.show({ tool: state.tool, chosen: greys?.chosen ?? 0, inverted: greys ? state.invert !== Boolean(src.meta.invert) : false,
      hasCurve: greys?.hasLut ?? false, plain: greys ? greys.voi.kind !== "LUT" : false, warnings });
    corner.nw.textContent = [...(src?.meta?.caption ?? []), ...(src?.meta?.notes ?? [])].join("\n");
    if (!greys) {
      corner.sw.textContent = corner.se.textContent = "";
      return;
    }
    const { width, center } = greys.window;
    const range = fill(t("width {width}, centre {center}"), { width: width.toFixed(0), center: center.toFixed(0) });
    corner.sw.textContent = `${names()[greys.chosen]}\n${greys.curved ? `${t("after the curve")}: ` : ""}${range}`;
    const { spacing } = src.meta;
    const scale = hasMillimetres(spacing) ? unitName(spacing.kind === "calibrated" ? "mm" : "mm-detector") : t("no spacing given: lengths in px");
    corner.se.textContent = `${greys.picture.columns} × ${greys.picture.rows}  ${(stage.magnification() * 100 * (window.devicePixelRatio || 1)).toFixed(0)} %\n${scale}`;
  }
  const kinds = { LINEAR: t("Window"), LINEAR_EXACT: t("Window"), SIGMOID: t("Sigmoid"), LUT: t("Curve of the maker"), PERCENTILE: t("By percentiles") };
  const names = () => state.greys.vois.map(({ kind, label, width, center }) => {
    const name = label || kinds[kind];
    return kind === "LUT" ? name : `${name} ${Math.round(width)}/${Math.round(center)}`;
  });

  const machine = await start();
  if (state.closed) return () => undefined;
  const films = shelf(async (src, signal) => {
    const began = performance.now();
    const buffer = await (await fetchOwn(src.full_url, t, signal)).arrayBuffer();
    const fetched = performance.now();
    const picture = maskPicture(await decodePicture(buffer), src.meta);
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
          if (machine.software) proxy.show(state.greys, state.invert);
          else state.stage.greys(state.greys.range, state.invert);
          words();
          report("film", { drag_ms: performance.now() - began, drags: (window.__wb.film?.drags ?? 0) + 1 });
        });
      },
      lens: (at) => state.greys && lens.show(at, state.greys, state.invert),
      released: () => {
        lens.hide();
        if (!proxy.active()) return;
        cancelAnimationFrame(state.asked);
        state.asked = 0;
        state.stage.greys(state.greys.range, state.invert);
        words();
      },
      changed: tellMarks, lines: { Length: line("Length"), Angle: line("Angle") },
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
    Object.assign(state, { greys: null, level: "", invert: false });
    proxy?.hide();
    lens?.hide();
  }
  const wanted = () => new Set([state.src?.id, ...python.get("prefetch").slice(0, AHEAD).map((src) => src.id)].filter(Boolean));
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
    openViewport();
    await state.stage.show(src.id, picture, src.meta.spacing);
    if (state.src !== src || state.closed) return;
    state.greys = greysOf(picture, src.meta.vois ?? []);
    state.invert = Boolean(src.meta.invert);
    bar.offer(names().map((name) => ({ name })));
    if (state.greys.picture !== picture) state.stage.exchange(state.greys.picture);
    const drawn = new Promise((done) => screen.addEventListener("CORNERSTONE_IMAGE_RENDERED", done, { once: true }));
    state.stage.greys(state.greys.range, state.invert);
    await drawn;
    if (state.src !== src || state.closed) return;
    screen.dataset.empty = "false";
    preview.hidden = true;
    say("");
    tellMarks();
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
    films.prefetch(python.get("prefetch").slice(0, AHEAD).filter((src) => src.full_url)).then(() => report("film", { held: films.ids() }));
  }

  python.on("src", open);
  python.on("prefetch", ahead);
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
    state.stage?.close();
    python.close();
    root.remove();
  };
}
