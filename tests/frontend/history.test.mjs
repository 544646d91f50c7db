import assert from "node:assert/strict";
import test from "node:test";
import { historyOf } from "../../frontend/film/history.mjs";

const mark = (uid, at = 0) => ({ uid, points: [[at, at]] });

test("every step can be taken back and again, and a new one ends what was taken back", () => {
  const steps = historyOf();
  assert.equal(steps.keep([mark("a")]), true);
  assert.equal(steps.keep([mark("a")]), false, "nothing changed");
  steps.keep([mark("a", 5)]);
  steps.keep([]);
  assert.deepEqual([steps.undo(), steps.now], [true, [mark("a", 5)]]);
  assert.deepEqual([steps.undo(), steps.now], [true, [mark("a")]]);
  assert.deepEqual([steps.redo(), steps.now], [true, [mark("a", 5)]]);
  steps.keep([mark("b")]);
  assert.deepEqual([steps.canRedo, steps.redo(), steps.now], [false, false, [mark("b")]]);
  while (steps.undo());
  assert.deepEqual([steps.now, steps.canUndo], [[], false]);
});

test("two films share no step", () => {
  const [one, other] = [historyOf(), historyOf([mark("kept")])];
  one.keep([mark("a")]);
  assert.deepEqual([other.now, other.canUndo], [[mark("kept")], false]);
});

test("what was kept elsewhere goes under every step, but nothing removed here comes back", () => {
  const steps = historyOf();
  steps.keep([mark("mine")]);
  steps.keep([mark("mine"), mark("gone")]);
  steps.keep([mark("mine")]);
  assert.equal(steps.merge([mark("old"), mark("gone"), mark("mine", 9)]), true);
  assert.deepEqual(steps.now, [mark("old"), mark("mine")]);
  steps.undo();
  assert.deepEqual(steps.now, [mark("old"), mark("mine"), mark("gone")]);
  steps.undo();
  steps.undo();
  assert.deepEqual(steps.now, [mark("old")]);
  assert.equal(steps.merge([mark("old", 3)]), false);
});

test("steps are bounded", () => {
  const steps = historyOf();
  for (let i = 0; i < 250; i++) steps.keep([mark("a", i)]);
  let count = 0;
  while (steps.undo()) count += 1;
  assert.equal(count, 100);
});
