import assert from "node:assert/strict";
import test from "node:test";
import { layoutFor, layoutOf, nextLayout } from "../../frontend/film/layouts.mjs";
import { likeChoice, linksOf, placeOn } from "../../frontend/film/links.mjs";
import { split } from "../../frontend/film/second.mjs";

const MM = (mm, kind = "calibrated") => ({ row_mm: mm, column_mm: mm, kind });

test("layouts follow each other and hold what is asked for", () => {
  assert.deepEqual(["1x1", "1x2", "2x2"].map(nextLayout), ["1x2", "2x2", "1x1"]);
  assert.deepEqual([0, 1, 2, 3, 4, 9].map((n) => layoutFor(n).name), ["1x1", "1x1", "1x2", "2x2", "2x2", "2x2"]);
  assert.equal(layoutOf("9x9").name, "1x1");
});

test("a film of other size lies at the same share, and a millimetre is as long where both know one of the same kind", () => {
  const [from, to] = [{ rows: 100, columns: 200, spacing: MM(0.2) }, { rows: 300, columns: 400, spacing: MM(0.1) }];
  assert.deepEqual(placeOn({ at: [99.5, 49.5], scale: 2 }, from, to), { at: [199.5, 149.5], scale: 1 });
  for (const spacing of [MM(0.1, "detector"), MM(0.1, "unknown"), null]) {
    assert.equal(placeOn({ at: [0, 0], scale: 2 }, from, { ...to, spacing }).scale, 1, "the whole film is as wide");
  }
  assert.equal(placeOn({ at: [0, 0], scale: 2 }, from, { ...to, columns: 800, spacing: null }).scale, 0.5);
});

test("a window of a part of the body goes by its name, any other by its kind, and what a film lacks is its first one", () => {
  const theirs = [{ kind: "LUT" }, { kind: "LINEAR" }, { kind: "LINEAR_EXACT", preset: "bone" }];
  const mine = [{ kind: "LINEAR" }, { kind: "LINEAR_EXACT", preset: "soft" }, { kind: "LINEAR_EXACT", preset: "bone" }];
  assert.deepEqual([0, 1, 2].map((n) => likeChoice(theirs, n, mine)), [0, 0, 2]);
});

test("what another window did is done here, and not told back", () => {
  const told = [];
  const done = [];
  const pane = { state: { greys: {} }, drag: (step) => done.push(step) };
  const links = linksOf(() => [pane], () => true, (message) => told.push(message));
  links.hear({ kind: "link", step: [1, 2] });
  assert.deepEqual([done, told], [[[1, 2]], []]);
  links.drag(pane, [3, 4]);
  assert.deepEqual(told, [{ kind: "link", step: [3, 4] }]);
  const alone = linksOf(() => [pane], () => false, (message) => told.push(message));
  alone.hear({ kind: "link", step: [5, 6] });
  alone.drag(pane, [7, 8]);
  assert.deepEqual([done.at(-1), told.length], [[7, 8], 1]);
});

test("films of before lie in the second window, else all but the first", () => {
  const [a, b, old, none] = [{ id: "a" }, { id: "b" }, { id: "o", prior: true }, { empty: "is being fetched" }];
  assert.deepEqual(split([a, b, old]), { here: [a, b], there: [old] });
  assert.deepEqual(split([a, none]), { here: [a], there: [none] });
  assert.deepEqual(split([a, b]), { here: [a], there: [b] });
  assert.deepEqual(split([a]), { here: [a], there: [] });
});
