import assert from "node:assert/strict";
import test from "node:test";
import { toCanvas } from "../../frontend/film/evidence.mjs";

const through = ([a, b, c, d, e, f], [x, y]) => [a * x + c * y + e, b * x + d * y + f];

test("a place on the film lies on the canvas where the frame says, turned, mirrored and enlarged too", () => {
  const frames = [
    { x: -12.5, y: 3, across: [2.5, 0], down: [0, 2.5] },
    { x: 800, y: 40, across: [-1.5, 0], down: [0, 1.5] },
    { x: 10, y: 900, across: [0, -0.25], down: [0.25, 0] },
    { x: 5, y: 6, across: [0.3, 0.4], down: [-0.4, 0.3] },
  ];
  for (const frame of frames) {
    const matrix = toCanvas(frame);
    for (const [left, top] of [[0, 0], [100, 0], [0, 250], [37, 411]]) {
      const film = [frame.x + left * frame.across[0] + top * frame.down[0], frame.y + left * frame.across[1] + top * frame.down[1]];
      const [x, y] = through(matrix, film);
      assert.ok(Math.abs(x - left) < 1e-9 && Math.abs(y - top) < 1e-9, `${x},${y} instead of ${left},${top}`);
    }
  }
});
