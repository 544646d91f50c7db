/** Drawing two ECGs of one patient: both papers at one scale, and their averaged beats over each other. */

import { make } from "../../page/elements.mjs";
import { clean, drawPaper, drawTraces } from "../draw.mjs";
import { leadsOverEdge } from "../edge.mjs";
import { design, filterLead } from "../filters.mjs";
import { fitScale, layOut } from "../paper.mjs";
import { gapsOf } from "../trace.mjs";
import { drawBeat, drawScale } from "./draw.mjs";
import { shared } from "./changes.mjs";
import { layPanel, range } from "./geometry.mjs";

const EARLIER = "#8a4b00";
const DASH = [7, 4]; // the earlier beat is dashed: colour alone would not tell them apart
const CELL_SPEED = 50; // mm/s
const GAP = 6; // px between cells

/**
 * One paper of a pair.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {import("../trace.mjs").Tracing} tracing
 * @param {{plan: object, filter: {highPass: number, lowPass: number, mains: number}, px: number, ratio: number, noLead:
 *   string}} look plan is what layOut needs beside the leads: both papers get the same
 * @returns {string[]} leads that are cut by the edge of the paper
 */
export function drawHalf(canvas, tracing, { plan, filter, px, ratio, noLead }) {
  const { rate, names, leads, seconds, derived } = tracing;
  const sheet = layOut({ ...plan, leads: names, seconds, start: 0, heightMm: 0 });
  const view = { px, ratio, x: 0, y: 0, wide: sheet.width * px, high: sheet.height * px };
  const { sections } = design(filter, rate);
  const pen = clean(canvas, view);
  drawPaper(pen, sheet, view);
  const shown = leads.map((lead) => filterLead(lead, rate, sections));
  drawTraces(pen, sheet, { rate, derived, shown, gaps: leads.map((lead) => gapsOf(lead, rate)) },
    { speed: plan.speed, gain: plan.gain }, { ...view, noLead });
  return leadsOverEdge(sheet, shown, rate, plan);
}

/** Pixels per mm at which a sheet of this width fits. */
export const fits = (cssWidth, mm, ratio) => fitScale(cssWidth, mm, ratio);

/**
 * Superimposed beats: one lead large, or every shared lead in a cell of its own.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {{now: import("./load.mjs").Beat, before: import("./load.mjs").Beat, right: number, ms: number, chosen: string|null,
 *   front: "now"|"before", width: number, room: number, ratio: number}} wish room is the height there is, in px
 * @returns {{lead: string, x: number, y: number, width: number, height: number}[]} where each lead stands, in px
 */
export function drawOverlap(canvas, { now, before, right, ms, chosen, front, width, room, ratio }) {
  const leads = shared(now, before).filter(({ lead }) => !chosen || lead === chosen);
  const columns = chosen ? 1 : Math.max(2, Math.min(6, Math.floor(width / 190)));
  const wide = (width - GAP * (columns - 1)) / columns;
  const span = { low: 0, high: 0 };
  for (const [beat, names] of [[now, leads], [before, leads]]) {
    const found = range(beat.leads, beat.levels, names.map(({ lead }) => lead));
    span.low = Math.min(span.low, found.low);
    span.high = Math.max(span.high, found.high);
  }
  const speed = chosen ? 100 : CELL_SPEED;
  const rows = Math.ceil(leads.length / columns);
  const tall = chosen ? Math.max(240, Math.min(460, room)) : Math.max(110, Math.min(220, Math.floor(room / rows) - GAP));
  const pen = clean(canvas, { ratio, x: 0, y: 0, wide: width, high: rows * tall + (rows - 1) * GAP });
  const panel = layPanel({ ms, speed, gain: null, ...span, width: wide, height: tall, ratio });
  const cells = leads.map(({ lead, shown }, i) => ({
    lead, shown, x: (i % columns) * (wide + GAP), y: Math.floor(i / columns) * (tall + GAP), width: panel.width * panel.px, height: tall,
  }));
  for (const cell of cells) {
    const ground = document.createElement("canvas");
    const view = { px: panel.px, ratio, x: 0, y: 0, wide: cell.width, high: cell.height };
    drawPaper(clean(ground, view), panel, view);
    pen.drawImage(ground, cell.x, cell.y, cell.width, cell.height);
    pen.save();
    pen.translate(cell.x, cell.y);
    pen.beginPath();
    pen.rect(0, 0, cell.width, cell.height);
    pen.clip();
    const sign = cell.shown.startsWith("−") ? -1 : 1;
    const one = (beat, look) => drawBeat(pen, panel, sign > 0 ? beat : turned(beat, cell.lead), { names: [cell.lead], ...look });
    const both = [() => one(now, {}), () => one(before, { dash: DASH, colour: EARLIER, rightMs: right })];
    if (front === "now") both.reverse();
    both.forEach((draw) => draw());
    pen.font = '600 13px "Noto Sans SC","Noto Sans CJK SC",sans-serif';
    pen.fillStyle = "#15161a";
    pen.fillText(cell.shown, 5, 15);
    pen.restore();
  }
  pen.save();
  if (cells.length) {
    pen.translate(cells[0].x, cells[0].y);
    drawScale(pen, panel, `${speed} mm/s  ${panel.gain} mm/mV`);
  }
  pen.restore();
  return cells;
}

/** The same beat with one lead upside down. */
function turned(beat, lead) {
  return { ...beat, leads: { [lead]: beat.leads[lead].map((mv) => -mv) }, levels: { [lead]: -beat.levels[lead] } };
}

/** Legend of a superimposed pair. */
export const legend = (now, before) => make("div", { class: "wb-who" },
  make("span", { class: "line" }), now, make("span", { class: "line dash", style: "margin-left:18px" }), before);
