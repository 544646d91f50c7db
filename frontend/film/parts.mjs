/** Parts of the body as devices write them; the same vocabulary and the same steps as domain/body_part.py. Pure. */

import data from "../../workbench/vocabulary/body_parts.json" with { type: "json" };

const ASCII = /^[\x00-\x7f]*$/;
const plain = (text) => text.normalize("NFKC").toUpperCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();
const longestFirst = (words) => [...words].sort((a, b) => b.length - a.length);
const VIEWS = longestFirst(data.views);
const BOTH = [...VIEWS, ...longestFirst(data.sides)];
const SPELLINGS = new Map(Object.entries(data.parts).flatMap(([code, { also }]) => [code, ...also].map((one) => [plain(one), code])));

/** A word without those named: Latin words go whole, Chinese ones wherever they stand. */
function without(word, dropped) {
  if (dropped.includes(word)) return "";
  return ASCII.test(word) ? word : dropped.filter((one) => !ASCII.test(one)).reduce((left, one) => left.replaceAll(one, ""), word);
}

/**
 * @param {string|undefined} written BodyPartExamined, or free text
 * @returns {string|null} a code of the vocabulary; null when it is not recognised
 */
export function partOf(written) {
  const words = plain(String(written ?? "")).split(" ");
  for (const dropped of [[], VIEWS, BOTH]) {
    const code = SPELLINGS.get(words.map((word) => without(word, dropped)).join(""));
    if (code) return code;
  }
  return null;
}

/** Group of what a device wrote; "other" when it is not recognised. */
export const groupOf = (written) => data.parts[partOf(written)]?.group ?? "other";
