import assert from "node:assert/strict";
import test from "node:test";
import { fill, talk } from "../../frontend/page/python.mjs";
import { shelf } from "../../frontend/page/shelf.mjs";
import { keyName, pulseWatch } from "../../frontend/shell/shell.mjs";

globalThis.window ??= globalThis;

test("the shelf loads each thing once and drops what is neither shown nor next", async () => {
  const loaded = [];
  const gone = [];
  const kept = shelf(async ({ id }) => loaded.push(id) && id, (id) => gone.push(id));
  await Promise.all([kept.get({ id: "a" }), kept.get({ id: "a" })]);
  await kept.prefetch([{ id: "b" }, { id: "c" }]);
  assert.deepEqual(loaded, ["a", "b", "c"]);
  kept.keepOnly(new Set(["b"]));
  assert.deepEqual([kept.ids(), gone], [["b"], ["a", "c"]]);
});

test("what was made anew on the server under the same id is loaded again", async () => {
  const loaded = [];
  const gone = [];
  const kept = shelf(async ({ url }) => loaded.push(url) && url, (id) => gone.push(id));
  await kept.get({ id: "a", url: "1" });
  await kept.get({ id: "b", url: "1" });
  assert.equal(await kept.get({ id: "a", url: "2" }), "2");
  assert.deepEqual([loaded, gone, kept.ids()], [["1", "1", "2"], ["a"], ["b", "a"]]);
});

test("what was prefetched survives when the new list arrives before the new film, and not for ever", async () => {
  const kept = shelf(async ({ id }) => id);
  kept.turnTo(new Set(["a", "b"]));
  await kept.get({ id: "a" });
  await kept.prefetch([{ id: "b" }]);
  kept.turnTo(new Set(["a", "c"])); // the next list, while "a" is still shown
  assert.deepEqual(kept.ids(), ["a", "b"]);
  kept.turnTo(new Set(["b", "c"])); // now the film
  kept.turnTo(new Set(["b", "c"]));
  assert.deepEqual(kept.ids(), ["b"]);
});

test("a failed load may be tried again, and dropping stops the transfer", async () => {
  let tries = 0;
  let stopped = false;
  const kept = shelf(({ id }, signal) => {
    signal.addEventListener("abort", () => (stopped = true));
    return id === "slow" ? new Promise(() => undefined) : (tries += 1) === 1 ? Promise.reject(new Error("cut")) : Promise.resolve("whole");
  });
  await assert.rejects(kept.get({ id: "x" }), /cut/);
  assert.equal(await kept.get({ id: "x" }), "whole");
  kept.get({ id: "slow" });
  kept.clear();
  assert.ok(stopped);
});

test("choosing something else ends a prefetch that has not begun", async () => {
  const loaded = [];
  const kept = shelf(async ({ id }) => loaded.push(id));
  const coming = kept.prefetch([{ id: "b" }]);
  kept.turnTo(new Set(["z"]));
  await coming;
  assert.deepEqual(loaded, []);
});

test("silence longer than the patience is a lost connection, an answer to the last question ends it", () => {
  const watch = pulseWatch(15000);
  const n = watch.next(0, 5);
  assert.equal(watch.lost(15000), false);
  assert.equal(watch.lost(15001), true);
  watch.answered(n, 15100);
  assert.equal(watch.lost(99999), false);
});

test("late answers to older questions are signs of life", () => {
  const watch = pulseWatch(15000);
  const first = watch.next(0, 0);
  watch.next(10000, 0);
  watch.answered(first, 14000);
  assert.equal(watch.lost(20000), false);
  assert.equal(watch.lost(29001), true);
});

test("a page that was hidden is excused, and numbers never repeat after a reload", () => {
  const watch = pulseWatch(15000);
  const n = watch.next(0, 1000);
  watch.excuse();
  assert.equal(watch.lost(1e6), false);
  assert.ok(watch.next(1e6, 1000) > n);
});

test("keys are named as Python lists them", () => {
  const press = (key, held = {}) => keyName({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held });
  assert.deepEqual([press("N"), press("Enter"), press("s", { ctrlKey: true }), press("Enter", { ctrlKey: true, shiftKey: true })],
    ["n", "Enter", "ctrl+s", "ctrl+shift+Enter"]);
});

test("texts come from Python, unknown ones stay readable, and places are filled", () => {
  const model = { get: () => ({ Zoom: "缩放" }), on() {}, off() {}, set() {}, save_changes() {} };
  const { text } = talk(model);
  assert.deepEqual([text("Zoom"), text("Pan")], ["缩放", "Pan"]);
  assert.equal(fill("{a} of {b}", { a: 1, b: "x" }), "1 of x");
});

test("values being dragged reach Python bundled, the last one always", async () => {
  const sent = [];
  const state = {};
  const model = { get: () => ({}), on() {}, off() {}, set: (k, v) => (state[k] = v), save_changes: () => sent.push({ ...state }) };
  const python = talk(model);
  for (let i = 0; i < 20; i++) python.tellSoon("marks", i);
  python.close();
  assert.deepEqual(sent, [{ marks: 19 }]);
});

test("what waits is told before the page puts the case away, and never twice", () => {
  const sent = [];
  const state = {};
  const model = { get: () => ({}), on() {}, off() {}, set: (k, v) => (state[k] = v), save_changes: () => sent.push({ ...state }) };
  const page = new EventTarget();
  const python = talk(model, page);
  python.tellSoon("marked", "film A");
  page.dispatchEvent(new Event("wb-leave"));
  assert.deepEqual(sent, [{ marked: "film A" }]);
  page.dispatchEvent(new Event("wb-leave"));
  python.close();
  page.dispatchEvent(new Event("wb-leave"));
  assert.equal(sent.length, 1);
});

test("what need not be waited for is what has come, by the address it came from", async () => {
  let come = null;
  const kept = shelf(() => new Promise((done) => (come = done)));
  const value = kept.get({ id: "a", url: "1" });
  assert.equal(kept.isThere({ id: "a", url: "1" }), false); // on its way
  come("film");
  await value;
  assert.equal(kept.isThere({ id: "a", url: "1" }), true);
  assert.equal(kept.isThere({ id: "a", url: "2" }), false); // drawn anew on the server
  assert.equal(kept.isThere({ id: "b", url: "1" }), false);
});
