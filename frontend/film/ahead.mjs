/** Which films are fetched before anyone asks. Pure. */

const MOST = 6; // films: two exams with two or three pictures
const PIXELS = 60e6; // 120 MB of values: what is shown and what comes next stay well below a page's 400 MB

/**
 * The first films of the list that fit beside those on show; the very next always does.
 *
 * @param {{id: string, meta?: {rows?: number, columns?: number}}[]} coming in their order
 * @param {{meta?: {rows?: number, columns?: number}}[]} shown
 */
export function ahead(coming, shown) {
  const size = (src) => (src?.meta?.rows ?? 0) * (src?.meta?.columns ?? 0);
  let left = shown.reduce((rest, src) => rest - size(src), PIXELS);
  const kept = [];
  for (const src of coming.slice(0, MOST)) {
    left -= size(src);
    if (left < 0 && kept.length > 0) break;
    kept.push(src);
  }
  return kept;
}
