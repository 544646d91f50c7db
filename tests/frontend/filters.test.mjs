import assert from "node:assert/strict";
import test from "node:test";
import { design, distorts, filterLead, HIGH_PASS, LOW_PASS, zeroPhase } from "../../frontend/ecg/filters.mjs";
import { farthest, golden } from "./golden.mjs";

const TABLE = golden("ecg_filters");

/** Gain in dB of both passes at one frequency. */
function gain(sections, hertz, rate) {
  const w = (2 * Math.PI * hertz) / rate;
  const power = (c) => {
    const re = c.reduce((sum, v, k) => sum + v * Math.cos(k * w), 0);
    const im = c.reduce((sum, v, k) => sum - v * Math.sin(k * w), 0);
    return re * re + im * im;
  };
  return 10 * Math.log10(sections.reduce((p, [b0, b1, b2, a1, a2]) => (p * power([b0, b1, b2])) / power([1, a1, a2]), 1) ** 2 || 1e-30);
}

const choose = (highPass, lowPass, mains, rate) => design({ highPass, lowPass, mains }, rate);

for (const { high_pass: highPass, low_pass: lowPass, mains, y, gain_db: gains } of TABLE.cases) {
  test(`high pass ${highPass}, low pass ${lowPass}, mains ${mains} gives the values of SciPy`, () => {
    const { sections } = choose(highPass, lowPass, mains, TABLE.rate);
    const got = zeroPhase(TABLE.x, sections, 5 * TABLE.rate);
    assert.ok(farthest([...got].filter((_, i) => i % TABLE.every === 0), y) < 2e-4);
    for (const [hertz, db] of Object.entries(gains)) {
      if (db > -90) assert.ok(Math.abs(gain(sections, Number(hertz), TABLE.rate) - db) < 0.01, `${hertz} Hz`);
    }
  });
}

test("both edges lose 3 dB, over both passes, at the frequency that is printed", () => {
  for (const [high, low] of [[0.05, 150], [0.05, 100], [0.5, 40]]) {
    const { sections } = choose(high, low, 0, 1000);
    for (const hertz of [high, low]) assert.ok(Math.abs(gain(sections, hertz, 1000) + 3.01) < 0.05);
  }
});

test("filtering moves no peak in time", () => {
  const x = Float32Array.from({ length: 2001 }, (_, i) => Math.exp(-(((i - 1000) / 20) ** 2)));
  const y = filterLead(x, 500, choose(0.5, 40, 50, 500).sections);
  assert.equal(y.indexOf(Math.max(...y)), 1000);
});

test("a gap stays a gap and nothing crosses it", () => {
  const x = Float32Array.from({ length: 3000 }, (_, i) => Math.sin(i / 40));
  x.fill(NaN, 1000, 1200);
  const { sections } = choose(0.05, 150, 50, 500);
  const y = filterLead(x, 500, sections);
  assert.ok(y.every((v, i) => Number.isNaN(v) === (i >= 1000 && i < 1200)));
  const other = x.slice();
  other.fill(5, 1200);
  assert.deepEqual(filterLead(other, 500, sections).slice(0, 1000), y.slice(0, 1000));
});

test("off returns the very samples", () => {
  const x = Float32Array.of(1, 2, NaN, 4);
  assert.equal(filterLead(x, 500, choose(0, 0, 0, 500).sections), x);
});

test("a constant comes out of the low edge as nothing and of the notch unchanged", () => {
  const x = new Float32Array(500).fill(0.7);
  assert.ok(zeroPhase(x, choose(0.5, 40, 0, 500).sections, 400).every((v) => Math.abs(v) < 1e-6));
  assert.ok(zeroPhase(x, choose(0, 0, 50, 500).sections, 400).every((v) => Math.abs(v - 0.7) < 1e-6));
});

test("what the sampling rate does not allow is left out and named", () => {
  const { sections, left_out: leftOut } = choose(0.05, 150, 50, 250);
  assert.deepEqual(leftOut, ["150 Hz"]);
  assert.equal(sections.length, 2);
  assert.deepEqual(choose(0, 0, 50, 100).left_out, ["50 Hz"]);
});

test("an unknown edge is refused by name", () => {
  assert.throws(() => choose(1, 0, 0, 500), /high pass 1 is unknown; use one of 0, 0.05, 0.5 Hz/);
  assert.throws(() => choose(0, 35, 0, 500), /low pass 35 is unknown/);
});

test("0.5 Hz and 40 Hz carry a warning, nothing else does", () => {
  const warned = HIGH_PASS.flatMap((highPass) => LOW_PASS.map((lowPass) => [highPass, lowPass])).filter(([highPass, lowPass]) => distorts({ highPass, lowPass }));
  assert.ok(warned.every(([high, low]) => high === 0.5 || low === 40));
  assert.equal(warned.length, 6);
});
