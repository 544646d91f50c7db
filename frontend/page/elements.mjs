/** Making page elements without a framework. */

/**
 * @param {string} tag
 * @param {Record<string, unknown>} [properties] `class`, `data-*`, `aria-*` and `role` become attributes, names starting
 *   with "on" listeners, the rest properties
 * @param {...(Node|string)} children
 * @returns {HTMLElement}
 */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class" || name === "role" || name.includes("-")) element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children);
  return element;
}

/** A toolbar button; `hint` is shown on hover, with its key. */
export function button(label, { hint = "", key = "", name = "", press }) {
  const title = key ? `${hint || label} [${key}]` : hint || label;
  return make("button", {
    type: "button", title, "aria-label": title, "data-name": name || label, "aria-pressed": "false",
    class: "wb-button", onclick: (event) => press(event),
  }, label);
}

export const pressed = (element, on) => element.setAttribute("aria-pressed", String(Boolean(on)));

/**
 * A row of buttons of which one is chosen.
 *
 * @param {[string, string][]} choices value and label
 * @param {{title: string, key?: string, choose: (value: string) => void}} how
 */
export function choice(choices, { title, key = "", choose }) {
  const buttons = new Map(choices.map(([value, label]) => [
    value, button(label, { hint: `${title} ${label}`, key, name: value, press: () => choose(value) }),
  ]));
  const element = make("span", { class: "wb-group", role: "group", "aria-label": title }, ...buttons.values());
  return { element, show: (value) => buttons.forEach((b, own) => pressed(b, own === String(value))) };
}

/** A drop-down list whose entries may be replaced. */
export function select({ title, choose }) {
  const element = make("select", {
    class: "wb-select", title, "aria-label": title, onchange: () => choose(element.value),
  });
  const fill = (choices) => element.replaceChildren(
    ...choices.map(([value, label]) => make("option", { value, textContent: label })),
  );
  return { element, fill, show: (value) => (element.value = String(value)) };
}

/** List of keys over the viewer; any key or click closes it. */
export function helpSheet(title, rows) {
  const sheet = make("div", { class: "wb-help", role: "dialog", "aria-label": title, hidden: true });
  sheet.append(make("div", { class: "wb-help-box" }, make("h3", {}, title), make("dl", {},
    ...rows.flatMap(([key, text]) => [make("dt", {}, key), make("dd", {}, text)]))));
  sheet.addEventListener("click", () => (sheet.hidden = true));
  return sheet;
}

/** Where loading and errors are said, inside the viewer. */
export function notice() {
  const element = make("div", { class: "wb-notice", role: "status", "aria-live": "polite", hidden: true });
  const say = (text, kind = "busy") => {
    element.textContent = text;
    element.dataset.kind = kind;
    element.hidden = text === "";
  };
  return { element, say };
}

/** Whether a key press belongs to a field the user is typing in. */
export function typing(event) {
  const target = event.composedPath()[0];
  if (event.isComposing || !(target instanceof Element)) return event.isComposing;
  if (target.closest("textarea, select, [contenteditable=''], [contenteditable=true]")) return true;
  const input = target.closest("input");
  return input !== null && !["button", "checkbox", "radio", "range", "submit"].includes(input.type);
}
