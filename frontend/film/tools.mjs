/** The tools that draw: Cornerstone's own, with our numbers beside them. Only this file, annotations.mjs and stage.mjs know Cornerstone. */

import {
  AngleTool, ArrowAnnotateTool, BidirectionalTool, CobbAngleTool, EllipticalROITool, LengthTool, RectangleROITool,
} from "@cornerstonejs/tools";

/**
 * A tool of Cornerstone under the name that marks are kept by, which measures nothing itself. Its own numbers come from
 * the values on show, which a curve or sharpening has exchanged; and it hides the text of parallel lines.
 */
function drawing(Base, name) {
  return class extends Base {
    static toolName = name;
    constructor(properties, defaults) {
      super(properties, defaults);
      const settled = (mark) => {
        for (const target of Object.keys(mark.data.cachedStats)) {
          mark.data.cachedStats[target] = { angle: 1, length: 1, width: 1, area: 1, unit: "", areaUnit: "", points: { world: {}, canvas: {} } };
        }
        mark.invalidated = false;
      };
      this._calculateCachedStats = settled;
      this._throttledCalculateCachedStats = settled;
    }
  };
}

/** Names are those of `MEASURES`. Two lines drawn one after the other are a Cobb angle or a heart in its thorax; two joined
 * ones an angle or a leg. */
export const DRAWING = {
  Length: drawing(LengthTool, "Length"), Angle: drawing(AngleTool, "Angle"), Cobb: drawing(CobbAngleTool, "Cobb"),
  Bidirectional: drawing(BidirectionalTool, "Bidirectional"), RectangleROI: drawing(RectangleROITool, "RectangleROI"),
  EllipticalROI: drawing(EllipticalROITool, "EllipticalROI"), ArrowAnnotate: drawing(ArrowAnnotateTool, "ArrowAnnotate"),
  CTR: drawing(CobbAngleTool, "CTR"), LimbLength: drawing(AngleTool, "LimbLength"),
};
