/** The film viewer: one, two or four films side by side under one toolbar, answered in the browser. */

import { make } from "../page/elements.mjs";
import { talk } from "../page/python.mjs";
import { idle, shelf } from "../page/shelf.mjs";
import { STYLE } from "../page/style.mjs";
import { holds, report } from "../page/timing.mjs";
import { ahead as fitting } from "./ahead.mjs";
import { codecThreads } from "./codec_thread.mjs";
import { controls } from "./controls.mjs";
import { layoutFor, layoutOf, nextLayout } from "./layouts.mjs";
import { linksOf } from "./links.mjs";
import { paneOf } from "./pane.mjs";
import { secondWindow, split } from "./second.mjs";
import { openEngine, start } from "./stage.mjs";
import { FILM_STYLE } from "./style.mjs";

const READY = 2; // films sampled ahead for the screen: 5 MB each

export async function render({ model, el, away = null }) {
  const python = talk(model);
  const t = python.text;
  const own = { tool: "Grey", chosen: 0, linked: true, places: false, told: "", closed: false };
  /** @type {ReturnType<typeof paneOf>[]} the first ones of them are on show */
  const panes = [];
  /** What hangs, the first film first; with a second window, here only a part of it. */
  const hung = () => [python.get("src") ?? {}, ...(python.get("beside") ?? [])].slice(0, layoutOf(python.get("hanging")).panes);
  const wished = () => (second.opened ? split(hung()).here : hung());
  const layout = () => (second.opened ? layoutFor(wished().length) : layoutOf(python.get("hanging")));
  const many = () => layout().panes;
  const onShow = () => panes.slice(0, many());
  const here = () => panes[own.chosen];
  const second = secondWindow({ changed: () => open(), heard: fromSecond, state: () => {
    const { there } = split(hung());
    return { src: there[0] ?? { empty: t("The films to compare with lie here") }, beside: there.slice(1), hanging: layoutFor(there.length).name,
      marks: python.get("marks"), texts: python.get("texts"), prefetch: [], comparable: python.get("comparable") };
  } });
  const links = linksOf(onShow, () => own.linked && (many() > 1 || second.opened || away !== null),
    (message) => (away ? away.postMessage(message) : second.send(message)));
  const onLink = ({ detail }) => links.hear(detail);
  if (away) addEventListener("wb-link", onLink); // this is the second window
  /** The second window speaks to Python through this one. */
  function fromSecond(message) {
    if (message.kind === "link") links.hear(message);
    if (message.kind === "saved" && message.name === "marked") python.tellSoon("marked", message.value, message.value.id);
    if (message.kind === "sent") ask(message.content);
    if (message.kind === "key") document.dispatchEvent(new KeyboardEvent("keydown", { key: message.key, bubbles: true }));
  }

  const bar = controls(t, { use, preset: (index) => here().state.greys && links.choose(here(), index), act: {
    invert: () => here().state.greys && links.invert(here()),
    sharpen: () => here().change((state) => (state.sharp = !state.sharp)),
    next: () => onFilm(({ greys }) => links.choose(here(), (greys.chosen + 1) % greys.vois.length)),
    undo: () => here().marks.undo(), redo: () => here().marks.redo(),
    plain: () => onFilm(({ greys }) => links.choose(here(), greys.voi.kind === "LUT" ? greys.plain : greys.vois.findIndex((v) => v.kind === "LUT"))),
    turn: () => onFilm(({ stage }) => stage.turn()), flip: () => onFilm(({ stage }) => stage.mirror()), fit: () => onFilm(({ stage }) => stage.fit()),
    one: () => onFilm(({ stage }) => stage.magnify(1 / (stage.magnification() * (window.devicePixelRatio || 1)))),
    reset: () => onFilm(({ stage }) => {
      stage.straight();
      here().change((state) => Object.assign(state, { invert: Boolean(state.src.meta.invert), sharp: false }));
      here().preset(0);
    }),
    remove: () => onFilm(() => here().marks.remove()),
    cancel: () => {
      const given = own.tool !== "Grey" || Boolean(here().state.stage?.annotations.busy());
      here().marks.cancel();
      use("Grey");
      return given;
    },
    layout: () => ask({ kind: "layout", layout: nextLayout(python.get("hanging")) }),
    lay: (layout) => ask({ kind: "layout", layout }),
    compare: () => ask({ kind: "earlier_film" }),
    link: () => {
      own.linked = !own.linked;
      words();
    },
    second: () => {
      if (!second.toggle()) here().say(t("The browser did not open the second window; allow it for this address"), "error");
      words();
    },
    pane: () => choose((own.chosen + 1) % many()),
    places: () => {
      own.places = !own.places;
      panes.forEach((pane) => pane.point(own.places));
      words();
    },
  } });
  const grid = make("div", { class: "wb-grid" });
  const box = make("div", { class: "wb-stage" }, grid, bar.help);
  const root = make("div", { class: "wb-viewer wb-film", tabIndex: 0, "aria-label": t("Film viewer"), onkeydown: bar.onKey,
    onpointerdown: () => root.focus({ preventScroll: true }) }, make("style", { textContent: STYLE + FILM_STYLE }), bar.element, box);
  root.style.height = `${python.get("height")}px`;
  el.append(root);

  function ask(content) {
    dispatchEvent(new Event("wb-leave")); // what is drawn goes first
    try {
      model.send(content);
    } catch {
      here().say(t("The server cannot be reached"), "error");
    }
  }
  function onFilm(act) {
    if (!here().state.greys) return;
    act(here().state);
    here().words();
  }
  function use(tool) {
    own.tool = tool;
    panes.forEach((pane) => pane.use(tool));
    words();
  }
  function choose(index) {
    if (own.chosen === index) return;
    own.chosen = index;
    panes.forEach((pane, i) => (pane.element.dataset.chosen = String(i === index)));
    here().marks.tell();
    words();
    tellChosen();
  }
  /** The film that the toolbar belongs to; "" is the first one, as at every opening. */
  function tellChosen() {
    const id = own.chosen === 0 ? "" : wished()[own.chosen]?.id ?? "";
    if (id === own.told) return;
    own.told = id;
    python.tell("chosen", id);
  }

  function words() {
    if (panes.length === 0) return;
    const { greys, sharp, warnings = [] } = here().state;
    const { marks } = here();
    bar.offer(here().names().map((name) => ({ name })));
    bar.show({ tool: own.tool, chosen: greys?.chosen ?? 0, inverted: here().inverted, sharp: Boolean(greys) && sharp, hasCurve: greys?.hasLut ?? false,
      plain: greys ? greys.voi.kind !== "LUT" : false, warnings, canUndo: greys !== null && marks.canUndo, canRedo: greys !== null && marks.canRedo,
      layout: layoutOf(python.get("hanging")).name, linked: own.linked, second: away ? null : second.opened, comparable: Boolean(python.get("comparable")), comparing: onShow().some(({ state }) => state.src?.prior),
      places: onShow().some(({ state }) => state.src?.meta?.evidence?.length) ? own.places : null });
  }

  const machine = await start();
  if (own.closed) return () => undefined;
  const threads = codecThreads(t);
  const films = shelf(async (src, signal) => {
    const { picture, ...times } = await threads.load(src, signal);
    report("film", { loaded: src.id, ...times });
    return picture;
  });
  let engine = null;
  const shared = { python, machine, films, histories: new Map(), engine: () => {
    if (engine && machine.software !== engine.software) { // a film too large for the card: all of the page leaves it
      panes.forEach((pane) => pane.closeViewport());
      engine.destroy();
      engine = null;
    }
    return (engine ??= openEngine(machine.software));
  } };
  function addPane() {
    const index = panes.length;
    const pane = paneOf(shared, {
      chosen: () => index === own.chosen, changed: () => index === own.chosen && words(),
      dragged: (step) => {
        const began = performance.now();
        links.drag(pane, step);
        report("film", { drag_ms: performance.now() - began, drags: (window.__wb.film?.drags ?? 0) + 1 });
      },
      moved: () => links.moved(pane, here()),
    });
    pane.element.addEventListener("pointerdown", () => choose(index), true);
    pane.element.dataset.chosen = String(index === own.chosen);
    pane.use(own.tool);
    pane.point(own.places);
    panes.push(pane);
    watch.observe(pane.element);
    grid.append(pane.element);
  }

  const coming = () => {
    const shown = new Set(wished().map(({ id }) => id));
    return fitting((python.get("prefetch") ?? []).filter(({ id }) => !shown.has(id)), wished());
  };
  const wanted = () => new Set([...wished(), ...coming()].map(({ id }) => id).filter(Boolean));

  let arranged = "";
  const watch = new ResizeObserver(() => engine && grid.clientWidth > 0 && engine.resize(true, true));
  function arrange() {
    const { name, across, down } = layout();
    if (arranged === name) return;
    arranged = name;
    while (panes.length < many()) addPane();
    Object.assign(grid.style, { gridTemplateColumns: `repeat(${across}, minmax(0, 1fr))`, gridTemplateRows: `repeat(${down}, minmax(0, 1fr))` });
    grid.dataset.layout = name;
    panes.forEach((pane, i) => {
      pane.element.hidden = i >= many();
      if (i < many()) return;
      pane.open(null, () => undefined);
      pane.closeViewport();
    });
    if (own.chosen >= many()) choose(0);
    // at once, not when the observer is heard: a film that lies ready is drawn before that, and is fitted to what it finds
    if (engine && grid.clientWidth > 0) engine.resize(true, true);
    onShow().forEach(({ state }) => state.greys && state.stage.fit());
  }

  function tellStage(index, seen) {
    const facts = { ms: seen.ms, software: machine.software, held: films.ids() };
    const all = { ...(window.__wb?.film?.panes ?? {}), [index]: `${seen.id} ${seen.stage}` };
    report("film", { panes: all });
    if (index > 0) return;
    report("film", { shown: seen.id, stage: seen.stage, ...facts });
    python.tell("shown", { id: seen.id, stage: seen.stage, ms: seen.ms });
  }
  async function openPane(pane, index, src) {
    const whole = await pane.open(src, (seen) => tellStage(index, seen));
    if (own.closed) return;
    if (!whole && index === 0 && pane.state.level === "error") python.tell("shown", { id: src.id, stage: "error", ms: 0 });
    if (!whole) return;
    films.keepOnly(wanted());
    here().state.lay = "";
    links.moved(here(), here()); // a film that came later lies as the others do
    if (document.activeElement === document.body) root.focus({ preventScroll: true });
    if (onShow().every(({ state }) => state.level === "full" || !state.src?.id)) ahead();
  }
  function open() {
    second.tell(); // another patient goes from both windows at once
    arrange();
    const wish = wished();
    const changed = onShow().map((pane, i) => !pane.holds(wish[i] ?? {}) && (wish[i]?.id || pane.state.src?.id || i === 0 || wish[i]?.empty));
    holds("film", wish[0].id ?? "");
    if (changed[0]) report("film", { stage: "" }); // what was said of the last film is not said of this one
    if (changed.every(Boolean)) choose(0);
    if (changed[own.chosen]) python.tellSoon("annotations", []);
    films.turnTo(wanted());
    // all panes are emptied before the first film is drawn: two patients never lie side by side
    onShow().forEach((pane, i) => changed[i] && pane.wipe());
    onShow().forEach((pane, i) => (changed[i] ? openPane(pane, i, wish[i] ?? {}) : pane.relabel(wish[i] ?? {})));
    words();
    tellChosen();
  }
  function ahead() {
    films.turnTo(wanted());
    if (panes[0]?.state.level !== "full") return; // what is being opened comes first; openPane calls again
    const next = coming().filter((src) => src.full_url);
    films.prefetch(next).then(() => report("film", { held: films.ids() })).then(() => machine.software && makeReady(next));
  }

  /** The very next films need not even be sampled when they are asked for. */
  async function makeReady(next) {
    for (const src of next.slice(0, READY).filter(({ id }) => films.ids().includes(id))) {
      await idle();
      const picture = await films.get(src).catch(() => null);
      if (own.closed) return;
      if (picture && panes[0].state.stage && panes[0].state.level === "full") panes[0].ready(picture, src.meta.spacing);
    }
    report("film", { ready: next.slice(0, READY).map(({ id }) => id) });
  }

  python.on("src beside hanging", open);
  python.on("prefetch", ahead);
  python.on("comparable", words);
  python.on("marks", () => {
    second.tell();
    onShow().forEach((pane) => pane.marks.take());
  });
  python.on("height", () => (root.style.height = `${python.get("height")}px`));
  addEventListener("pagehide", second.close);
  open();

  return () => {
    own.closed = true;
    watch.disconnect();
    second.close();
    removeEventListener("wb-link", onLink);
    removeEventListener("pagehide", second.close);
    films.clear();
    threads.close();
    panes.forEach((pane) => pane.close());
    engine?.destroy();
    python.close();
    root.remove();
  };
}
