/** The test pattern of a screen as rectangles of exact greys, in device pixels. Pure. */

import data from "./pattern.json" with { type: "json" };

const CELLS = 40; // of the pattern, each way
const WHITE = 255;

/** Digits 1 to 8, five columns by seven rows. */
const GLYPHS = {
  1: ["00100", "01100", "00100", "00100", "00100", "00100", "01110"], 2: ["01110", "10001", "00001", "00010", "00100", "01000", "11111"],
  3: ["11111", "00010", "00100", "00010", "00001", "10001", "01110"], 4: ["00010", "00110", "01010", "10010", "11111", "00010", "00010"],
  5: ["11111", "10000", "11110", "00001", "00001", "10001", "01110"], 6: ["00110", "01000", "10000", "11110", "10001", "10001", "01110"],
  7: ["11111", "00001", "00010", "00100", "01000", "01000", "01000"], 8: ["01110", "10001", "10001", "01110", "10001", "10001", "01110"],
};

/** @typedef {{x: number, y: number, w: number, h: number, grey: number, name?: string}} Rect device pixels from the upper left corner */

/** Side of the largest pattern that fits into so many device pixels. */
export const sideOf = (room) => Math.floor(room / CELLS) * CELLS;

/** Grey of one of the steps: the first is black, the last white. */
export const stepOf = (n) => Math.round((WHITE * n) / (data.steps - 1));

/** Grey that differs from a ground by so many values: lighter, on light ground darker. */
export const against = (ground, by) => (ground > WHITE / 2 ? ground - by : ground + by);

/** Lines of one device pixel and gaps of one. */
function lines({ x, y, w, h }, upright, [dark, light], name) {
  const count = upright ? w : h;
  return Array.from({ length: count }, (_, i) => ({ name, grey: i % 2 ? light : dark, ...(upright ? { x: x + i, y, w: 1, h } : { x, y: y + i, w, h: 1 }) }));
}

/**
 * @param {number} side device pixels, a multiple of 40
 * @returns {{ground: number, rects: Rect[], circles: {x: number, y: number, r: number, grey: number}[]}} circles lie under the rectangles
 */
export function patternOf(side) {
  const u = side / CELLS;
  const px = (cells) => Math.round(cells * u);
  const box = (x, y, w, h = w) => ({ x: px(x), y: px(y), w: px(x + w) - px(x), h: px(y + h) - px(y) });
  const rects = [];
  const put = (where, grey, name) => rects.push({ ...where, grey, name });

  for (let at = 4; at < CELLS; at += 4) {
    put({ x: px(at), y: 0, w: 1, h: side }, data.grid, "grid");
    put({ x: 0, y: px(at), w: side, h: 1 }, data.grid, "grid");
  }
  const edge = { x: 0, y: 0, w: side, h: side };
  for (const frame of [{ h: 1 }, { w: 1 }, { y: side - 1, h: 1 }, { x: side - 1, w: 1 }]) put({ ...edge, ...frame }, WHITE, "frame");

  const half = data.steps / 2;
  for (let n = 0; n < data.steps; n += 1) {
    const x = 2 + 4 * (n < half ? n : data.steps - 1 - n);
    const y = n < half ? 7.5 : 28.5;
    const grey = stepOf(n);
    put(box(x, y, 4), grey, `step ${n}`);
    for (const [dx, dy, by] of [[0.4, 0.4, 1], [2.8, 0.4, -1], [0.4, 2.8, -1], [2.8, 2.8, 1]]) {
      const beside = grey + by * data.target;
      put(box(x + dx, y + dy, 0.8), beside < 0 || beside > WHITE ? grey - by * data.target : beside, `target ${n}`);
    }
  }

  for (const [x, ground, share, name] of [[4, 0, data.insert, "dark"], [30, WHITE, 1 - data.insert, "bright"]]) {
    put(box(x, 17, 6), ground, name);
    put(box(x + 1.75, 18.75, 2.5), Math.round(WHITE * share), `${name} insert`);
  }

  data.strips.forEach((ground, row) => {
    const strip = box(13, 13.2 + 3.3 * row, 14, 2.8);
    put(strip, ground, `strip ${ground}`);
    const place = strip.w / data.digits.length;
    const dot = Math.max(1, Math.floor(Math.min(place / 7, strip.h / 9)));
    data.digits.forEach((digit, n) => {
      const left = strip.x + Math.round(n * place + (place - 5 * dot) / 2);
      const top = strip.y + Math.round((strip.h - 7 * dot) / 2);
      GLYPHS[digit].forEach((line, r) => [...line].forEach((on, c) => {
        if (on === "1") put({ x: left + c * dot, y: top + r * dot, w: dot, h: dot }, against(ground, digit), `digit ${digit}`);
      }));
    });
  });

  const full = [0, WHITE];
  const low = [data.ground - data.low / 2, data.ground + data.low / 2];
  for (const [x, y] of [[0.6, 0.6], [33, 0.6], [0.6, 36.4], [33, 36.4]]) {
    rects.push(...lines(box(x, y, 3), true, full, "upright lines"), ...lines(box(x + 3.4, y, 3), false, full, "level lines"));
  }
  for (const [n, upright, greys] of [[0, true, full], [1, false, full], [2, true, low], [3, false, low]]) {
    rects.push(...lines(box(13.2 + 3.5 * n, 23.6, 3), upright, greys, `middle ${upright ? "upright" : "level"} ${greys === low ? "low" : "full"}`));
  }

  for (const [y, back] of [[0.8, false], [36.4, true]]) {
    const ramp = box(9, y, 22, 2.8);
    for (let i = 0; i < ramp.w; i += 1) {
      const grey = Math.floor((256 * i) / ramp.w);
      put({ x: ramp.x + i, y: ramp.y, w: 1, h: ramp.h }, back ? WHITE - grey : grey, "ramp");
    }
  }
  const circles = [[20, 20, 19.6], [20, 20, 9.5], [4, 4, 3.4], [36, 4, 3.4], [4, 36, 3.4], [36, 36, 3.4]]
    .map(([x, y, r]) => ({ x: x * u, y: y * u, r: r * u, grey: data.line }));
  return { ground: data.ground, rects, circles };
}
