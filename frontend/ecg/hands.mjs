/**
 * Mouse, pen, fingers and wheel on the paper. A mouse or pen draws a caliper; a finger moves the paper, two pinch it, and a
 * finger held still draws a caliper, because one that scrolls must not measure.
 */

const HOLD = 420; // ms until a still finger draws
const STILL = 9; // CSS px a finger may tremble
const REACH = { mouse: 8, pen: 12, touch: 24 }; // CSS px around an end of a caliper

/**
 * @param {HTMLElement} surface
 * @param {{begin: (event: {clientX: number, clientY: number}, reach: number) => boolean, grab: (event: PointerEvent, reach:
 *   number) => boolean, stretch: (event: PointerEvent) => void, end: () => void, tap: (event: PointerEvent, reach: number) =>
 *   void, pan: (dx: number, dy: number, finger?: boolean) => boolean, pinch: (factor: number, x: number, y: number) => void,
 *   hover: (event: PointerEvent|null) => void}} does pan returns whether something moved
 * @returns {() => void} ends it
 */
export function hands(surface, does) {
  const fingers = new Map();
  let doing = ""; // "", wait, pan, draw, pinch
  let hold = 0;
  let spread = 0;
  const reachOf = (event) => REACH[event.pointerType] ?? REACH.mouse;
  const centre = () => {
    const all = [...fingers.values()];
    return { x: all.reduce((sum, f) => sum + f.x, 0) / all.length, y: all.reduce((sum, f) => sum + f.y, 0) / all.length };
  };
  const apart = () => {
    const [p, q] = [...fingers.values()];
    return Math.hypot(p.x - q.x, p.y - q.y);
  };
  const letGo = () => {
    clearTimeout(hold);
    hold = 0;
  };
  const acts = {
    pointerdown(event) {
      if (event.button !== 0) return;
      surface.setPointerCapture?.(event.pointerId);
      fingers.set(event.pointerId, { x: event.clientX, y: event.clientY, x0: event.clientX, y0: event.clientY });
      const reach = reachOf(event);
      if (fingers.size === 2) {
        letGo();
        if (doing === "draw") does.end();
        doing = "pinch";
        spread = apart();
      } else if (fingers.size === 1 && does.grab(event, reach)) doing = "draw";
      else if (event.pointerType !== "touch") doing = does.begin(event, reach) ? "draw" : "";
      else {
        doing = "wait";
        const { clientX, clientY } = event;
        hold = setTimeout(() => {
          if (doing === "wait" && does.begin({ clientX, clientY }, reach)) {
            doing = "draw";
            navigator.vibrate?.(15);
          }
        }, HOLD);
      }
    },
    pointermove(event) {
      const finger = fingers.get(event.pointerId);
      if (!finger) return void does.hover(event.pointerType === "touch" ? null : event);
      const [dx, dy] = [event.clientX - finger.x, event.clientY - finger.y];
      const far = Math.hypot(event.clientX - finger.x0, event.clientY - finger.y0);
      if (doing === "wait" && far <= STILL) return;
      Object.assign(finger, { x: event.clientX, y: event.clientY });
      if (doing === "wait") {
        letGo();
        doing = "pan";
      }
      if (doing === "pan") does.pan(-dx, -dy, true);
      else if (doing === "draw") does.stretch(event);
      else if (doing === "pinch" && fingers.size === 2) {
        const now = apart();
        const { x, y } = centre();
        if (spread > 0) does.pinch(now / spread, x, y);
        spread = now;
      }
    },
    pointerup(event) {
      const known = fingers.delete(event.pointerId);
      letGo();
      if (doing === "draw" && known) does.end();
      else if (doing === "wait") does.tap(event, reachOf(event));
      doing = fingers.size ? "pan" : "";
    },
    pointercancel(event) {
      fingers.delete(event.pointerId);
      letGo();
      if (doing === "draw") does.end();
      doing = "";
    },
    pointerleave: () => does.hover(null),
    wheel(event) {
      const step = event.deltaMode === 1 ? 32 : 1;
      if (event.ctrlKey) {
        does.pinch(Math.exp(-event.deltaY * step * 0.002), event.clientX, event.clientY);
        event.preventDefault();
        return;
      }
      const [dx, dy] = event.shiftKey ? [event.deltaY || event.deltaX, 0] : [event.deltaX, event.deltaY];
      if (does.pan(dx * step, dy * step)) event.preventDefault();
    },
    contextmenu: (event) => event.preventDefault(), // a finger held still would open it
  };
  for (const [name, act] of Object.entries(acts)) surface.addEventListener(name, act, { passive: false });
  return letGo;
}
