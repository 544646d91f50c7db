/*
 * The yardstick of the film benchmarks. It runs in the page of any viewer before the page's own code and looks, once a
 * frame, which film is on the screen: the squares that `film_set.py` drew on it are read back from the visible canvases
 * and pictures. So ours and another viewer are timed alike, from the event of the click or key to the pixels.
 */
(() => {
  const [SIDE, CELL, TOP, CELLS] = [3000, 110, 2580, 12];
  const SMALLEST = 300; // CSS pixels a side: below are thumbnails
  const GRID = 5;

  let run = null;
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", () => {
        if (run?.began && run.held === undefined) run.answered = performance.now();
      });
    }
    send(...given) {
      if (run?.began) run.sent ??= performance.now();
      return super.send(...given);
    }
  };

  const probe = new OffscreenCanvas(Math.max(CELLS, GRID * GRID), 1).getContext("2d", { willReadFrequently: true });
  const sizeOf = (el) => (el instanceof HTMLImageElement ? [el.naturalWidth, el.naturalHeight] : [el.width, el.height]);

  function pictures() {
    return [...document.querySelectorAll("canvas, img")].filter((el) => {
      const { width, height } = el.getBoundingClientRect();
      return width >= SMALLEST && height >= SMALLEST && el.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    });
  }

  function values(el, points) {
    probe.clearRect(0, 0, points.length, 1);
    points.forEach(([x, y], i) => probe.drawImage(el, x, y, 1, 1, i, 0, 1, 1));
    const { data } = probe.getImageData(0, 0, points.length, 1);
    return points.map((_, i) => data[4 * i]);
  }

  /** The number of the film that an element shows, fitted and upright; 0 when it shows none. */
  function numberOf(el) {
    const [wide, high] = sizeOf(el);
    if (!wide || !high) return 0;
    const unit = Math.min(wide, high) / SIDE;
    const y = high / 2 + (TOP + CELL / 2 - SIDE / 2) * unit;
    const read = values(el, Array.from({ length: CELLS }, (_, i) => [wide / 2 + (i + 0.5 - CELLS / 2) * CELL * unit, y]));
    const middle = (read[0] + read[1]) / 2;
    if (read[0] - read[1] < 60 || read.some((v) => Math.abs(v - middle) < 25)) return 0;
    const squares = read.map((v) => v > middle);
    const digits = squares.slice(2, 10);
    if (!squares[11] || squares[10] !== (digits.filter(Boolean).length % 2 === 1)) return 0;
    return digits.reduce((sum, white) => 2 * sum + (white ? 1 : 0), 0);
  }

  const film = () => ({ ...window.__wb?.film });
  const isNew = (number) => number > 0 && (run.wanted ? number === run.wanted : number !== run.from);

  /**
   * What this frame shows; the time is taken when the frame has been handed over. Our viewer says what it has drawn a frame
   * after it is seen, so the first sight on a canvas counts, unless it says that this was the preview.
   */
  function look() {
    if (run?.began && run.ready === undefined) {
      const mine = run;
      const shown = pictures().filter((el) => isNew(numberOf(el)));
      const onCanvas = shown.some((el) => el instanceof HTMLCanvasElement);
      const [own, before] = [film(), run.before];
      const mineNow = !window.__wb || own.shown !== before.shown;
      const whole = mineNow && (!window.__wb || own.stage === "full");
      const previewDrawn = mineNow && own.stage === "preview" && shown.length === 1;
      if (shown.length) {
        const number = Math.max(...shown.map(numberOf));
        setTimeout(() => {
          const now = performance.now();
          mine.number = number;
          mine.first ??= now;
          if (!onCanvas) return;
          mine.onCanvas = previewDrawn ? undefined : (mine.onCanvas ?? now);
          if (!whole) return;
          mine.full ??= mine.onCanvas;
          mine.ready ??= now;
        });
      }
    }
    if (counting) step();
    requestAnimationFrame(look);
  }

  let counting = null;
  function step() {
    const now = performance.now();
    const read = pictures().filter((el) => el instanceof HTMLCanvasElement).map((el) => {
      const [wide, high] = sizeOf(el);
      const unit = Math.min(wide, high) / (GRID + 1);
      const at = (n) => (n - (GRID - 1) / 2) * unit;
      return values(el, Array.from({ length: GRID * GRID }, (_, i) => [wide / 2 + at(i % GRID), high / 2 + at(Math.floor(i / GRID))])).join();
    }).join(";");
    counting.frames += 1;
    if (read !== counting.last) {
      if (counting.last !== null) counting.changes.push(now);
      counting.last = read;
    }
  }

  for (const kind of ["click", "keydown"]) {
    window.addEventListener(kind, (event) => {
      if (!run || (kind === "keydown") !== run.byKey) return;
      run.began ??= event.timeStamp;
      run.last = event.timeStamp;
    }, true);
  }
  window.addEventListener("wb-held", () => {
    if (run?.began) run.held ??= performance.now();
  });

  window.__sight = {
    /** Wait for a click or key; `wanted` is the film's number, 0 for any other than the present one. */
    arm(wanted, byKey) {
      run = { wanted, byKey, from: this.number(), before: film() };
    },
    done: () => run?.ready !== undefined,
    /** Milliseconds since the first click or key; `own` is what our viewer says of itself. */
    result() {
      const since = (at) => (at === undefined ? null : at - run.began);
      const { number, from, before } = run;
      const times = Object.fromEntries(["last", "sent", "answered", "held", "first", "full", "ready"].map((name) => [name, since(run[name])]));
      // a thread fetches, and the page's own list of what was fetched does not name that
      const fetched = film().loaded === film().shown && film().transferred > 0;
      return { number, from, ...times, fetched, was_held: (before.held ?? []).includes(film().shown), own: film() };
    },
    /** The film on the screen now. */
    number: () => Math.max(0, ...pictures().map(numberOf)),
    count: () => (counting = { frames: 0, changes: [], last: null }),
    counted() {
      const { frames, changes } = counting;
      counting = null;
      return { frames, changes };
    },
    /** The largest visible canvas: the viewport of the film. */
    viewport() {
      const sizes = pictures().filter((el) => el instanceof HTMLCanvasElement).map((el) => el.getBoundingClientRect());
      const { x, y, width, height } = sizes.sort((a, b) => b.width * b.height - a.width * a.height)[0];
      return { x, y, width, height };
    },
  };
  requestAnimationFrame(look);
})();
