/** Tracings on their way: fetched, decoded and filtered before they are opened, and forgotten when they are not next. */

import { fetchOwn } from "../page/python.mjs";
import { shelf } from "../page/shelf.mjs";
import { design, filterLead } from "./filters.mjs";
import { decodeTrace, gapsOf } from "./trace.mjs";

const AHEAD = 2;

/**
 * @param {(source: string) => string} t
 * @param {() => {highPass: number, lowPass: number, mains: number}} choice the filter chosen now
 */
export function sources(t, choice) {
  const kept = shelf(async (src, signal) => {
    const tracing = decodeTrace(await (await fetchOwn(src.url, t, signal)).arrayBuffer(), src.meta);
    tracing.gaps = tracing.leads.map((lead) => gapsOf(lead, tracing.rate));
    filtered(tracing);
    return tracing;
  });

  /** Leads after the chosen filter, computed once per tracing and choice. */
  function filtered(tracing) {
    const wish = choice();
    const key = JSON.stringify(wish);
    if (tracing.filtered?.key !== key) {
      const { sections, left_out: leftOut } = design(wish, tracing.rate);
      tracing.filtered = { key, leftOut, leads: tracing.leads.map((lead) => filterLead(lead, tracing.rate, sections)) };
    }
    return tracing.filtered;
  }

  const wanted = (src, coming) => new Set([src?.id, ...coming.slice(0, AHEAD).map((one) => one.id)].filter(Boolean));
  return {
    filtered,
    get: kept.get,
    turnTo: (src, coming) => kept.turnTo(wanted(src, coming)),
    keepOnly: (src, coming) => kept.keepOnly(wanted(src, coming)),
    prefetch: (coming) => kept.prefetch(coming.slice(0, AHEAD)),
    ids: kept.ids,
    clear: kept.clear,
  };
}
