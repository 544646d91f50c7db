/** The viewer knows a part of the body by the same table as the house. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { groupOf, partOf } from "../../frontend/film/parts.mjs";
import presets from "../../frontend/film/presets.json" with { type: "json" };

const golden = JSON.parse(readFileSync(new URL("../golden/body_parts.json", import.meta.url), "utf8"));

test("every text of the golden table is the part that was meant, or none", () => {
  for (const [written, code, group] of golden.cases) assert.deepEqual([written, partOf(written), groupOf(written)], [written, code, group]);
});

test("a part nobody wrote is not recognised, and every group has windows", () => {
  assert.deepEqual([partOf(undefined), groupOf(undefined)], [null, "other"]);
  for (const [, , group] of golden.cases) assert.equal(presets.groups[group].length, 2);
});
