/** Letters at the edges of a film: which way the patient lies, whatever way the film is turned. Pure. */

const OPPOSITE = { L: "R", R: "L", A: "P", P: "A", H: "F", F: "H" };
const LETTERS = /^[LRAPHF]{1,3}$/;
const EDGES = ["top", "right", "bottom", "left"];

/**
 * Edges of the film as it is stored.
 *
 * @param {string|string[]|undefined} orientation Patient Orientation (0020,0020): where the rows run to, then the columns
 * @returns {{top: string, right: string, bottom: string, left: string}|null} null where the file does not say
 * @see DICOM PS3.3 C.7.6.1.1.1
 */
export function edgesOf(orientation) {
  const [right, bottom] = (Array.isArray(orientation) ? orientation : String(orientation ?? "").split("\\")).map((one) => String(one).trim().toUpperCase());
  if (!LETTERS.test(right ?? "") || !LETTERS.test(bottom ?? "")) return null;
  const opposite = (letters) => [...letters].map((one) => OPPOSITE[one]).join("");
  return { top: opposite(bottom), right, bottom, left: opposite(right) };
}

/** The same edges on the screen: turned clockwise by quarters, then mirrored left to right. */
export function onScreen(edges, { turned, mirrored }) {
  const quarters = (Math.round(turned / 90) + 4) % 4;
  const at = Object.fromEntries(EDGES.map((edge, i) => [edge, edges[EDGES[(i - quarters + 4) % 4]]]));
  return mirrored ? { ...at, left: at.right, right: at.left } : at;
}

/**
 * Side of the body.
 *
 * @param {Record<string, unknown>} tags of the film
 * @returns {"L"|"R"|"B"|"U"|""} B both, U not one of a pair, "" where the file does not say
 */
export function sideOf(tags) {
  const side = String(tags?.ImageLaterality || tags?.Laterality || "").trim().toUpperCase();
  return ["L", "R", "B", "U"].includes(side) ? side : "";
}
