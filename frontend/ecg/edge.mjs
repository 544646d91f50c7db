/** Leads whose trace runs over the edge of the sheet. Pure; its twin for the printed page is workbench/ecg/paper_edge.py. */

/**
 * @param {import("./paper.mjs").Sheet} sheet
 * @param {ArrayLike<number>[]} shown leads as drawn, after the chosen filter (mV); NaN where nothing was recorded
 * @param {number} rate Hz
 * @param {{gain: number}} scale
 * @returns {string[]} names as printed, each once, in the order of the sheet
 */
export function leadsOverEdge(sheet, shown, rate, { gain }) {
  const over = new Set();
  for (const cell of sheet.cells) {
    if (cell.index < 0 || cell.to <= cell.from || over.has(cell.name)) continue;
    const lead = shown[cell.index];
    const up = cell.inverted ? -gain : gain;
    const last = Math.min(lead.length - 1, Math.floor(cell.to * rate - 1e-6));
    for (let i = Math.max(0, Math.ceil(cell.from * rate - 1e-6)); i <= last; i++) {
      const y = cell.baseline - lead[i] * up;
      if (y < 0 || y > sheet.height) { // never true of NaN
        over.add(cell.name);
        break;
      }
    }
  }
  return [...over];
}
