/** The page of the second window: a film viewer whose model is the first window instead of Python. */

const place = document.getElementById("viewer");
const words = document.getElementById("words");
const TRAITS = ["src", "beside", "hanging", "prefetch", "marks", "comparable"];
const EMPTY = { src: {}, beside: [], hanging: "1x1", prefetch: [], marks: {}, comparable: false };

/** Behaves like anywidget's model; what is saved or sent goes to the first window. */
class Model {
  constructor(state, post) {
    Object.assign(this, { state, post, heard: new Map(), dirty: new Set() });
  }
  get(name) { return this.state[name]; }
  set(name, value) {
    this.state[name] = value;
    this.dirty.add(name);
  }
  on(event, act) { this.heard.set(event, [...(this.heard.get(event) ?? []), act]); }
  off(event, act) { this.heard.set(event, (this.heard.get(event) ?? []).filter((one) => one !== act)); }
  save_changes() {
    for (const name of this.dirty) this.post({ kind: "saved", name, value: this.state[name] });
    this.dirty.clear();
  }
  send(content) { this.post({ kind: "sent", content }); }
  /** All of a new state at once, then who listens: films of two patients never meet. */
  take(state) {
    const changed = TRAITS.filter((name) => JSON.stringify(state[name]) !== JSON.stringify(this.state[name]));
    Object.assign(this.state, state);
    for (const name of changed) for (const act of this.heard.get(`change:${name}`) ?? []) act();
  }
}

let model = null;
let stop = null;

async function show(port, state) {
  const { default: viewer } = await import(place.dataset.viewer);
  model = new Model({ ...EMPTY, ...state, height: innerHeight }, (message) => port.postMessage(message));
  stop = await viewer.render({ model, el: place, away: port });
  words.hidden = true;
}
function end() {
  model?.take(EMPTY);
  stop?.();
  [model, stop] = [null, null];
  place.replaceChildren();
  words.textContent = words.dataset.closed;
  words.hidden = false;
}

addEventListener("message", ({ source, origin, data, ports }) => {
  if (source !== window.opener || origin !== location.origin || data?.kind !== "second-port" || ports.length !== 1) return;
  const [port] = ports;
  let starting = null;
  port.onmessage = ({ data: message }) => {
    if (message.kind === "bye") return end();
    if (message.kind === "link") return dispatchEvent(new CustomEvent("wb-link", { detail: message }));
    if (message.kind !== "state") return undefined;
    if (model) return model.take(message.state);
    starting ??= show(port, message.state);
    return starting.then(() => model?.take(message.state));
  };
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "n" || event.key === "N") port.postMessage({ kind: "key", key: "n" });
  });
});
setInterval(() => window.opener?.closed && words.hidden && end(), 500);
addEventListener("resize", () => {
  if (!model) return;
  model.state.height = innerHeight;
  for (const act of model.heard.get("change:height") ?? []) act();
});
if (window.opener) window.opener.postMessage({ kind: "second-ready" }, location.origin);
else words.textContent = words.dataset.alone;
