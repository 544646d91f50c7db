import assert from "node:assert/strict";
import test from "node:test";
import { measure } from "../../frontend/ecg/marks.mjs";
import { golden } from "./golden.mjs";

const { cases } = golden("ecg_marks");
const read = ({ leads }) => Object.fromEntries(Object.entries(leads).map(([name, row]) => [name, row.map((mv) => mv ?? NaN)]));

/** Every number of the table beside what was measured, by name. */
function* pairs(want, got, at = "") {
  for (const [name, value] of Object.entries(want)) {
    if (value !== null && typeof value === "object") yield* pairs(value, got?.[name] ?? {}, `${at}${name}.`);
    else yield [`${at}${name}`, value, got?.[name]];
  }
}

for (const one of cases) {
  test(`numbers between marks are those of the table: ${one.says}`, () => {
    const got = measure(read(one), one.rate, one.marks, one.rr_ms, one.calibrated);
    let seen = 0;
    for (const [name, want, have] of pairs(one.expected, got)) {
      seen += 1;
      if (typeof want === "number") assert.ok(Math.abs(have - want) < 1e-6, `${name}: ${have}, the table says ${want}`);
      else assert.equal(have, want, name);
    }
    assert.ok(seen >= 12);
  });
}

test("a number that cannot be had says why", () => {
  const { leads, rate } = { ...cases[0], leads: read(cases[0]) };
  const got = measure(leads, rate, { ...cases[0].marks, p_on: null }, null, false);
  assert.equal(got.pr_ms, null);
  assert.equal(got.reasons.pr_ms, "the beginning of P is not marked");
  assert.equal(got.reasons.heart_rate_bpm, "the mean RR interval is not known");
  assert.equal(got.reasons["st_j_mv.I"], "the recording does not say how many mV a step is");
  assert.equal(typeof got.qrs_axis_deg, "number"); // all leads share the unknown scale
});
