/** The second window of a film viewer, for another monitor: it holds no kernel, the first window tells it what to show. */

const PLACE = "popup,width=1200,height=900";

/**
 * @param {{state: () => Record<string, unknown>, heard: (message: any) => void, changed: () => void}} viewer state: what the
 *   other window has to show; heard: what came from there; changed: it was opened or closed
 */
export function secondWindow({ state, heard, changed }) {
  let [window2, port, watch] = [null, null, 0];

  function close() {
    clearInterval(watch);
    removeEventListener("message", onReady);
    port?.postMessage({ kind: "bye" });
    port?.close();
    if (window2 && !window2.closed) window2.close();
    [window2, port] = [null, null];
  }
  function onReady({ source, origin, data }) {
    if (source !== window2 || origin !== location.origin || data?.kind !== "second-ready") return;
    port?.close(); // it was loaded anew
    const channel = new MessageChannel();
    port = channel.port1;
    port.onmessage = ({ data: message }) => heard(message);
    window2.postMessage({ kind: "second-port" }, location.origin, [channel.port2]);
    tell();
    changed();
  }
  function tell() {
    port?.postMessage({ kind: "state", state: state() });
  }

  return {
    get opened() { return port !== null; },
    tell,
    send: (message) => port?.postMessage(message),
    toggle() {
      if (window2 && !window2.closed) {
        close();
        changed();
        return true;
      }
      window2 = open(new URL("/wb/second", location.origin), "wb-second", `${PLACE},left=${screen.availWidth ?? 0},top=0`);
      if (!window2) return false;
      addEventListener("message", onReady);
      watch = setInterval(() => {
        if (!window2?.closed) return;
        close();
        changed();
      }, 500);
      return true;
    },
    close,
  };
}

/** Which films lie here and which in the second window: those of before, else all but the first. */
export function split(films) {
  const before = films.filter(({ prior, empty }) => prior || empty);
  const there = before.length > 0 ? before : films.slice(1);
  return { here: films.filter((one) => !there.includes(one)), there };
}
