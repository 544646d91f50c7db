/** Where the screening looked: outlines, widths and boxes on the film, when the reader asks for them. */

const SVG = "http://www.w3.org/2000/svg";
const made = (name, facts, ...children) => {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(facts)) element.setAttribute(key, value);
  element.append(...children);
  return element;
};

/**
 * The way from film pixels to the canvas; the other way round than a frame says it.
 *
 * @param {import("./sample.mjs").Frame} frame film column and row at the upper left, and per CSS pixel
 * @returns {[number, number, number, number, number, number]} as an SVG matrix takes them
 */
export function toCanvas({ x, y, across: [a, b], down: [c, d] }) {
  const size = a * d - b * c;
  const [p, q, r, s] = [d / size, -b / size, -c / size, a / size];
  return [p, q, r, s, -(p * x + r * y), -(q * x + s * y)];
}

/**
 * @typedef {{form: "area"|"line"|"box", points: [number, number][], tone: "measure"|"finding"|"model"|"quality", label: string}} Shape
 *   points as shares of the film's width and height
 */
export function evidence() {
  const drawing = made("g", {});
  const words = made("g", {});
  const element = made("svg", { class: "wb-evidence" }, drawing, words);
  element.toggleAttribute("hidden", true);
  let drawn = null;

  function draw(shapes, { rows, columns }) {
    const place = ([x, y]) => `${x * columns - 0.5},${y * rows - 0.5}`; // shares count from the edge of the first pixel, frames from its middle
    drawing.replaceChildren(...shapes.map(({ form, points, tone }) =>
      made(form === "line" ? "polyline" : "polygon", { points: points.map(place).join(" "), "data-tone": tone, "data-form": form, "vector-effect": "non-scaling-stroke" })));
    words.replaceChildren(...shapes.map(({ label, tone }) => made("text", { "data-tone": tone }, label)));
  }

  return {
    element,
    /**
     * @param {any} stage
     * @param {Shape[]} shapes
     * @param {{rows: number, columns: number}|null} picture
     */
    show(stage, shapes, picture) {
      const on = Boolean(picture && stage && shapes?.length);
      element.toggleAttribute("hidden", !on);
      if (!on) {
        if (drawn) drawing.replaceChildren();
        drawn = null;
        return;
      }
      if (drawn !== shapes) draw((drawn = shapes), picture);
      const [a, b, c, d, e, f] = toCanvas(stage.frame(1));
      drawing.setAttribute("transform", `matrix(${[a, b, c, d, e, f].join(" ")})`);
      shapes.forEach(({ points: [[x, y]] }, i) => {
        const [column, row] = [x * picture.columns - 0.5, y * picture.rows - 0.5];
        words.children[i].setAttribute("x", a * column + c * row + e + 4);
        words.children[i].setAttribute("y", b * column + d * row + f - 6);
      });
    },
  };
}
