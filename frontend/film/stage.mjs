/** Cornerstone3D behind a small door: one viewport for each pane, its pictures, its camera, its tools. */

import {
  cache, Enums, eventTarget, getRenderingCapabilities, imageLoader, init as initCore, metaData, RenderingEngine,
  setUseCPURendering, utilities,
} from "@cornerstonejs/core";
import {
  addTool, annotation, BaseTool, Enums as ToolEnums, init as initTools, PanTool, ToolGroupManager, ZoomTool,
} from "@cornerstonejs/tools";
import { annotationsOn } from "./annotations.mjs";
import { pixelSize } from "./measure.mjs";
import { filmPainter } from "./painting.mjs";
import { DRAWING } from "./tools.mjs";

/** A drag that we answer ourselves; Cornerstone still decides whether a drag grabs an annotation instead. */
class OwnDragTool extends BaseTool {
  constructor(properties = {}) {
    super(properties, { supportedInteractionTypes: ["Mouse", "Touch"] });
  }
  mouseDragCallback(event) {
    this.configuration.drag?.(event.detail);
  }
  touchDragCallback(event) {
    this.configuration.drag?.(event.detail);
  }
}
class GreyTool extends OwnDragTool {}
GreyTool.toolName = "Grey";
class LensTool extends OwnDragTool {}
LensTool.toolName = "Lens";

const TOOLS = [GreyTool, LensTool, PanTool, ZoomTool, ...Object.values(DRAWING)];
const EVENTS = ToolEnums.Events;
const CHANGES = [EVENTS.ANNOTATION_COMPLETED, EVENTS.ANNOTATION_MODIFIED, EVENTS.ANNOTATION_REMOVED];
/** @type {Map<string, {picture: import("./codec.mjs").Picture, size: [number, number], render?: (element: any) => void}>} what each pane has on show */
const shown = new Map();
let started = null;
let count = 0;

/** Start Cornerstone once per page and learn what this computer can do. */
export function start() {
  return (started ??= (async () => {
    const machine = getRenderingCapabilities();
    const software = !machine.webgl2 || machine.softwareRasterizer;
    await initCore({ rendering: { useCPURendering: software, webGlContextCount: 1 } });
    await initTools();
    TOOLS.forEach((tool) => addTool(tool));
    imageLoader.registerImageLoader("wbfilm", (id) => ({ promise: Promise.resolve(imageOf(id)) }));
    metaData.addProvider(describe, 10000);
    const looks = annotation.config.style.getDefaultToolStyles();
    annotation.config.style.setDefaultToolStyles({ ...looks, global: {
      ...looks.global, color: "rgb(120,220,255)", colorHighlighted: "rgb(255,225,120)", colorSelected: "rgb(255,225,120)",
      lineWidth: "1.5", textBoxFontFamily: "Noto Sans SC, Noto Sans CJK SC, Microsoft YaHei, sans-serif", textBoxFontSize: "14px",
      textBoxColor: "rgb(120,220,255)", textBoxColorHighlighted: "rgb(255,225,120)", textBoxColorSelected: "rgb(255,225,120)",
      textBoxColorLocked: "rgb(120,220,255)", textBoxBackground: "rgba(0,0,0,.6)",
    } });
    return {
      software,
      /** Whether a graphics card has to refuse the film: it is one texture. */
      tooLarge({ rows, columns }) { return !this.software && Math.max(rows, columns) > machine.maxTextureSize; },
      /** From now on the page draws on the processor, as where there is no card. */
      drawWithoutCard() {
        this.software = true;
        setUseCPURendering(true);
      },
    };
  })());
}

/** What draws the viewports of one viewer: the processor, or one context of the graphics card. */
export function openEngine(software) {
  return Object.assign(new RenderingEngine(`wbfilms-${(count += 1)}`), { software });
}

function imageOf(imageId) {
  const { picture: { rows, columns, values, min, max }, size: [width, height], render } = shown.get(imageId);
  return {
    ...(render ? { render } : {}), // Cornerstone's processor asks the image itself to be drawn
    imageId, rows, columns, height: rows, width: columns, minPixelValue: min, maxPixelValue: max, slope: 1, intercept: 0,
    windowCenter: (min + max + 1) / 2, windowWidth: max - min + 1, voiLUTFunction: "LINEAR", color: false, rgba: false,
    numberOfComponents: 1, dataType: values.constructor.name, invert: false, columnPixelSpacing: width, rowPixelSpacing: height,
    sizeInBytes: values.byteLength, getPixelData: () => values,
    voxelManager: utilities.VoxelManager.createImageVoxelManager({ width: columns, height: rows, scalarData: values, numberOfComponents: 1 }),
  };
}

function describe(type, imageId) {
  const known = shown.get(imageId);
  if (!known) return undefined;
  const { rows, columns, values } = known.picture;
  const [columnPixelSpacing, rowPixelSpacing] = known.size;
  const modules = {
    imagePixelModule: { samplesPerPixel: 1, photometricInterpretation: "MONOCHROME2", rows, columns, bitsAllocated: 16, bitsStored: 16,
      highBit: 15, pixelRepresentation: values instanceof Int16Array ? 1 : 0 },
    imagePlaneModule: { frameOfReferenceUID: imageId, rows, columns, imageOrientationPatient: [1, 0, 0, 0, 1, 0], rowCosines: [1, 0, 0],
      columnCosines: [0, 1, 0], imagePositionPatient: [0, 0, 0], rowPixelSpacing, columnPixelSpacing, usingDefaultValues: false },
    voiLutModule: { windowCenter: [32768], windowWidth: [65536] },
    modalityLutModule: { rescaleSlope: 1, rescaleIntercept: 0 },
    generalSeriesModule: { modality: "DX", seriesInstanceUID: imageId },
  };
  return modules[type];
}

/**
 * Open a viewport in an element that has a size.
 *
 * @param {ReturnType<typeof openEngine>} engine
 * @param {HTMLElement} element
 * @param {{grey: (step: [number, number]) => void, lens: (at: [number, number]) => void, released: () => void,
 *   changed: () => void, lines: (tool: string, points: number[][]) => string[], ask: (at: [number, number], before: string)
 *   => Promise<string>}} answers lines: text beside a mark, from points as column and row; ask: words of an arrow
 */
export function openStage(engine, element, { grey, lens, released, changed, lines, ask }) {
  const own = `wbfilm-${(count += 1)}`;
  engine.enableElement({ viewportId: own, type: Enums.ViewportType.STACK, element, defaultOptions: { background: [0, 0, 0] } });
  const view = engine.getViewport(own);
  const tools = ToolGroupManager.createToolGroup(own);
  const { software } = engine;
  const painting = software ? filmPainter() : null;
  let imageId = null;
  let active = null;
  let looks = { range: { lower: 0, upper: 1 }, invert: false };
  /** Cornerstone asks for the words of an arrow by a box of the browser's own; ours stands beside the arrow. */
  let pointer = [0, 0];
  const words = {
    getTextCallback: (done) => ask(pointer, "").then((text) => {
      done(text);
      released(); // Cornerstone says so before the words are there
    }),
    changeTextCallback: (mark, _detail, done) => ask(pointer, mark.data.label).then((text) => {
      done(text || mark.data.label);
      released();
    }),
  };
  const follow = ({ offsetX, offsetY }) => (pointer = [offsetX, offsetY]);
  tools.addTool("Grey", { drag: ({ deltaPoints }) => grey(deltaPoints.canvas) });
  tools.addTool("Lens", { drag: ({ currentPoints }) => lens(currentPoints.canvas) });
  tools.addTool("Pan");
  tools.addTool("Zoom", { pan: true });
  const annotations = annotationsOn({ own, view, tools, element, imageId: () => imageId, size: () => shown.get(imageId)?.size ?? [1, 1] });
  for (const name of Object.keys(DRAWING)) {
    tools.addTool(name, { getTextLines: ({ handles }) => lines(name, annotations.pixels(handles.points)), ...(name === "ArrowAnnotate" ? words : {}) });
  }
  tools.addViewport(own, engine.id);
  Object.keys(DRAWING).forEach((name) => tools.setToolPassive(name)); // marks that were kept are seen, and may be moved

  const heard = ({ detail }) => {
    if ((detail.annotation?.metadata?.referencedImageId ?? imageId) === imageId) changed();
  };
  CHANGES.forEach((name) => eventTarget.addEventListener(name, heard));
  element.addEventListener(EVENTS.MOUSE_UP, released);
  element.addEventListener(EVENTS.MOUSE_CLICK, released);
  element.addEventListener(EVENTS.TOUCH_END, released);
  element.addEventListener("pointerup", follow, true);

  const dropped = (id) => {
    shown.delete(id);
    if (cache.getImageLoadObject(id)) cache.removeImageLoadObject(id);
  };

  /** Which column and row lie under the canvas, per 1/ratio CSS pixel; see sample.mjs. */
  function frame(ratio, [left, top] = [0, 0]) {
    const { size } = shown.get(imageId);
    const at = (x, y) => {
      const world = view.canvasToWorld([x, y]);
      return [world[0] / size[0], world[1] / size[1]];
    };
    const [origin, right, below] = [at(left, top), at(left + 100, top), at(left, top + 100)];
    const step = (p) => [(p[0] - origin[0]) / 100 / ratio, (p[1] - origin[1]) / 100 / ratio];
    return { x: origin[0], y: origin[1], across: step(right), down: step(below) };
  }

  /** Cornerstone's processor draws: sampled where the middles of the pixels of the screen lie. */
  function render({ canvas }) {
    if (!shown.has(imageId) || canvas.width === 0 || canvas.height === 0) return;
    const ratio = canvas.width / canvas.clientWidth;
    painting.draw(canvas, shown.get(imageId).picture, frame(ratio, [0.5 / ratio, 0.5 / ratio]), looks);
  }

  /** Show the whole film as it is turned now; Cornerstone itself fits the film as if it were upright. */
  function fit() {
    const [rotation, { flipHorizontal, flipVertical }] = [view.getRotation(), view.getCamera()];
    view.resetCamera();
    view.setRotation(rotation);
    view.setCamera({ flipHorizontal, flipVertical });
    const { picture: { columns, rows }, size } = shown.get(imageId);
    const [wide, high] = [columns * size[0], rows * size[1]];
    const { clientWidth: w, clientHeight: h } = element;
    if (rotation % 180) view.setZoom((view.getZoom() * Math.min(w / high, h / wide)) / Math.min(w / wide, h / high));
    view.render();
  }

  return {
    element,
    /** Show another film, fitted, in these greys; it is drawn with the next frame. */
    async show(id, picture, spacing, range, invert) {
      const before = imageId;
      annotations.cancel();
      annotations.clear();
      imageId = `wbfilm:${own}:${id}`;
      if (before) dropped(before);
      dropped(imageId);
      looks = { range, invert };
      shown.set(imageId, { picture, size: pixelSize(spacing), ...(software ? { render } : {}) });
      await view.setStack([imageId], 0);
      if (!software) view.setProperties({ voiRange: range, invert });
      view.setRotation(0);
      view.setCamera({ flipHorizontal: false, flipVertical: false });
      view.resetCamera();
      view.render();
    },
    /** Show nothing, and forget the film. */
    empty() {
      annotations.cancel();
      annotations.clear();
      painting?.forget();
    },
    /** Put other values of the same film under the same camera and annotations. */
    exchange(picture) {
      shown.set(imageId, { ...shown.get(imageId), picture });
      view.renderImageObject(imageOf(imageId));
    },
    greys(range, invert) {
      looks = { range, invert };
      if (!software) view.setProperties({ voiRange: range, invert });
      view.render();
    },
    use(name) {
      if (active) tools.setToolPassive(active, { removeAllBindings: true });
      active = name;
      const { Primary, Auxiliary, Secondary, Wheel } = ToolEnums.MouseBindings;
      const extra = { Pan: [{ mouseButton: Auxiliary }], Zoom: [{ mouseButton: Secondary }, { mouseButton: Wheel }, { numTouchPoints: 2 }] };
      tools.setToolActive(name, { bindings: [{ mouseButton: Primary }, ...(extra[name] ?? [])] });
      for (const other of Object.keys(extra)) if (other !== name) tools.setToolActive(other, { bindings: extra[other] });
    },
    fit,
    straight() {
      view.setRotation(0);
      view.setCamera({ flipHorizontal: false, flipVertical: false });
      fit();
    },
    turn() {
      view.setRotation((view.getRotation() + 90) % 360);
      fit();
    },
    mirror() {
      const { flipHorizontal, flipVertical } = view.getCamera();
      const { across } = frame(1);
      view.setCamera({ flipHorizontal: !flipHorizontal });
      const after = frame(1).across;
      if (across[0] * after[0] + across[1] * after[1] > 0) { // with a turned film the two backends mean different axes
        view.setCamera({ flipHorizontal, flipVertical: !flipVertical });
      }
      view.render();
    },
    /** How the film lies on the screen: turned clockwise, then mirrored left to right. */
    orientation() {
      const { across, down } = frame(1);
      const turned = (Math.round((Math.atan2(down[0], down[1]) * 180) / Math.PI) + 360) % 360;
      return { turned, mirrored: across[0] * down[1] - across[1] * down[0] < 0 };
    },
    /** CSS pixels per film pixel. */
    magnification: () => 1 / Math.hypot(...frame(1).across),
    magnify(times) {
      view.setZoom(view.getZoom() * times);
      view.render();
    },
    frame,
    canvas: () => view.getCanvas(),
    annotations,
    onDrawn: (act) => element.addEventListener(Enums.Events.IMAGE_RENDERED, act),
    /** Film pixel in the middle of the screen, and how many CSS pixels one takes. */
    place() {
      const { clientWidth: w, clientHeight: h } = element;
      const { x, y } = frame(1, [w / 2, h / 2]);
      return { at: [x, y], scale: 1 / Math.hypot(...frame(1).across) };
    },
    /** Lie as `place` says. */
    lie({ at, scale }) {
      const now = 1 / Math.hypot(...frame(1).across);
      view.setZoom((view.getZoom() * scale) / now);
      const { size } = shown.get(imageId);
      const middle = view.canvasToWorld([element.clientWidth / 2, element.clientHeight / 2]);
      const step = [at[0] * size[0] - middle[0], at[1] * size[1] - middle[1], 0];
      const { focalPoint, position } = view.getCamera();
      const moved = (point) => point.map((v, i) => v + step[i]);
      view.setCamera({ focalPoint: moved(focalPoint), position: moved(position) });
      view.render();
    },
    close() {
      CHANGES.forEach((name) => eventTarget.removeEventListener(name, heard));
      annotations.clear();
      ToolGroupManager.destroyToolGroup(own);
      engine.disableElement(own);
      if (imageId) dropped(imageId);
    },
  };
}
