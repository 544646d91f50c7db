/** Printing what is on the screen: Python says where the page is made, it is fetched here, then opened in its own tab. */

import { button, make } from "../page/elements.mjs";
import { fetchOwn } from "../page/python.mjs";

/** What the viewer shows now, as the print takes it. */
export function settingsOf(get, sheet) {
  return {
    layout: get("lead_layout"), order: get("lead_order"), rhythm: get("rhythm_lead"), speed: get("speed"), gain: get("gain"),
    high_pass: get("high_pass"), low_pass: get("low_pass"), notch: get("notch"), from_s: sheet?.from ?? 0,
  };
}

/** @param {import("./host.mjs").Host} host */
export function printing(host) {
  const { python, t } = host;
  const state = { asked: "", closed: false };
  const said = make("span", { class: "wb-where", role: "status", "data-name": "print-state" });
  const press = () => {
    if (!host.tracing) return;
    state.asked = host.src.id;
    said.textContent = t("Making the page…");
    host.send({ kind: "print", id: host.src.id, settings: settingsOf(python.get, host.sheet) });
  };
  const own = button(t("Print"), { hint: t("Print this tracing in its true size"), key: "Ctrl+P", name: "print", press });
  host.tools.append(own, said);
  host.keys({ "ctrl+p": press }, [["Ctrl+P", t("Print this tracing in its true size")]]);

  async function open() {
    const { id, url, error } = python.get("printed") ?? {};
    if (!id || id !== state.asked) return;
    if (error) return (said.textContent = error);
    try {
      await (await fetchOwn(url, t)).blob(); // made and checked here, so that an error is seen here
    } catch (fault) {
      if (state.asked === id && !state.closed) said.textContent = `${t("The page could not be printed.")} ${fault.message}`;
      return;
    }
    if (state.asked !== id || state.closed) return; // another tracing was chosen meanwhile
    const link = make("a", { href: url, target: "_blank", textContent: t("Open the printed page") });
    said.replaceChildren(link);
    window.open(url, "_blank"); // a browser that forbids it leaves the link
  }
  python.on("printed", open);
  const end = host.on("tracing", () => {
    own.disabled = !host.tracing;
    state.asked = "";
    said.textContent = "";
  });
  own.disabled = !host.tracing;
  return () => {
    state.closed = true;
    end();
  };
}
