/**
 * In place of Cornerstone's module of the same name: it filled a canvas as large as the film with white and read it back
 * from the browser, 150 to 400 ms for 7.5 million pixels, although the result is known: all ones.
 *
 * @param {any} enabledElement
 * @param {{width: number, height: number}} image
 */
export default function initializeRenderCanvas({ renderingTools }, { width, height }) {
  Object.assign(renderingTools.renderCanvas, { width, height });
  const context = renderingTools.renderCanvas.getContext("2d", { willReadFrequently: true }); // stays in memory, where it is filled
  const data = context.createImageData(width, height);
  new Uint32Array(data.data.buffer).fill(0xffffffff); // white; Cornerstone writes the greys into the opacity
  Object.assign(renderingTools, { renderCanvasContext: context, renderCanvasData: data });
}
