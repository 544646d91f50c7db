/** The test pattern: exact greys, whole pixels, the same whatever the size of the screen. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { against, patternOf, sideOf, stepOf } from "../../frontend/check/pattern.mjs";

const SIDES = [480, 880, 1400, 3000];

/** The pattern as bytes, painted as the canvas paints it, without its circles. */
function painted(side) {
  const { ground, rects } = patternOf(side);
  const bytes = new Uint8Array(side * side).fill(ground);
  for (const { x, y, w, h, grey } of rects) {
    for (let row = y; row < y + h; row += 1) bytes.fill(grey, row * side + x, row * side + x + w);
  }
  return { rects, at: (x, y) => bytes[y * side + x] };
}

test("the side is a multiple of the cells and never larger than the room", () => {
  assert.deepEqual([sideOf(1079), sideOf(1080), sideOf(39)], [1040, 1080, 0]);
});

test("eighteen steps go from black to white, evenly to half a value", () => {
  const greys = Array.from({ length: 18 }, (_, n) => stepOf(n));
  assert.deepEqual([greys[0], greys[17], new Set(greys).size], [0, 255, 18]);
  greys.forEach((grey, n) => assert.ok(Math.abs(grey - 15 * n) <= 0.5));
});

for (const side of SIDES) {
  test(`at ${side} pixels everything lies on whole pixels inside the pattern, in whole greys`, () => {
    for (const { x, y, w, h, grey } of patternOf(side).rects) {
      assert.ok([x, y, w, h, grey].every(Number.isInteger));
      assert.ok(x >= 0 && y >= 0 && w > 0 && h > 0 && x + w <= side && y + h <= side && grey >= 0 && grey <= 255);
    }
  });

  test(`at ${side} pixels the inserts are 5 % in black and 95 % in white`, () => {
    const { rects, at } = painted(side);
    for (const [name, ground, insert] of [["dark", 0, 13], ["bright", 255, 242]]) {
      const outer = rects.find((r) => r.name === name);
      const inner = rects.find((r) => r.name === `${name} insert`);
      assert.equal(at(outer.x + 1, outer.y + 1), ground);
      assert.equal(at(inner.x + (inner.w >> 1), inner.y + (inner.h >> 1)), insert);
      assert.ok(inner.x > outer.x && inner.x + inner.w < outer.x + outer.w);
    }
  });

  test(`at ${side} pixels lines alternate at every single pixel, in both directions`, () => {
    const { rects, at } = painted(side);
    for (const name of ["upright lines", "level lines", "middle upright full", "middle level low"]) {
      const patch = rects.filter((r) => r.name === name);
      assert.ok(patch.length > 20, name);
      const upright = name.includes("upright");
      const { x, y } = patch[0];
      const along = Array.from({ length: 8 }, (_, i) => (upright ? at(x + i, y + 2) : at(x + 2, y + i)));
      const across = Array.from({ length: 8 }, (_, i) => (upright ? at(x, y + i) : at(x + i, y)));
      const [dark, light] = name.endsWith("low") ? [124, 132] : [0, 255];
      assert.deepEqual(along, [dark, light, dark, light, dark, light, dark, light], name);
      assert.equal(new Set(across).size, 1, name);
    }
  });

  test(`at ${side} pixels each step carries targets four values lighter or darker`, () => {
    const { rects, at } = painted(side);
    for (let n = 0; n < 18; n += 1) {
      const found = rects.filter((r) => r.name === `target ${n}`);
      assert.equal(found.length, 4);
      for (const { x, y, w, h } of found) assert.equal(Math.abs(at(x + (w >> 1), y + (h >> 1)) - stepOf(n)), 4);
    }
  });

  test(`at ${side} pixels digits keep inside their strip and differ from it by their own value`, () => {
    const { rects } = patternOf(side);
    for (const ground of [16, 128, 239]) {
      const strip = rects.find((r) => r.name === `strip ${ground}`);
      for (const dot of rects.filter((r) => r.name?.startsWith("digit ") && r.y >= strip.y && r.y < strip.y + strip.h)) {
        assert.equal(Math.abs(dot.grey - ground), Number(dot.name.slice(6)));
        assert.ok(dot.x >= strip.x && dot.x + dot.w <= strip.x + strip.w && dot.y + dot.h <= strip.y + strip.h);
      }
    }
  });
}

test("on light ground a digit is darker, else lighter: no value is cut off", () => {
  assert.deepEqual([against(239, 8), against(16, 8), against(128, 1)], [231, 24, 127]);
});
