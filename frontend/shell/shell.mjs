/** What a page needs around its widgets: a watch on the connection, keys, downloads, local time. Shows nothing itself. */

import { displayOf } from "../ecg/display.mjs";
import { make, typing } from "../page/elements.mjs";
import { talk } from "../page/python.mjs";

const BANNER = `position:fixed;left:0;right:0;top:0;z-index:99999;display:flex;gap:14px;align-items:center;justify-content:center;
padding:10px 16px;background:#8f1d1d;color:#fff;font:600 15px "Noto Sans SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif;box-shadow:0 2px 10px #000`;
const BUTTON = "all:unset;cursor:pointer;padding:3px 12px;border:1px solid #fff;border-radius:4px";

/** Name of a key press as Python lists it: "n", "Enter", "ctrl+s". */
export function keyName(event) {
  const held = [["ctrl", event.ctrlKey || event.metaKey], ["alt", event.altKey], ["shift", event.shiftKey && event.key.length > 1]];
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return [...held.filter(([, on]) => on).map(([name]) => name), key].join("+");
}

/**
 * Decides from the times of questions and answers whether Python still listens. Pure.
 *
 * @param {number} patience ms without an answer while the page was visible
 */
export function pulseWatch(patience) {
  let asked = null; // time of the oldest question without an answer
  let sent = 0;
  return {
    /** Number of the next question; never used before, even after a reload of the page. */
    next: (now, clock) => {
      asked ??= now;
      return (sent = Math.max(sent + 1, clock));
    },
    /** A late answer to an older question is still a sign of life. */
    answered: (n, now) => {
      if (asked !== null) asked = n === sent ? null : now;
    },
    /** A hidden page is slowed down by the browser, so its silence means nothing. */
    excuse: () => (asked = null),
    lost: (now) => asked !== null && now - asked > patience,
  };
}

/** Write UTC times of the page in the time of this computer: `<time class="wb-local" datetime="...">`. */
export function localTimes(root, language) {
  const format = new Intl.DateTimeFormat(language || undefined, { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit",
    minute: "2-digit", second: "2-digit", hourCycle: "h23" });
  for (const element of root.querySelectorAll("time.wb-local[datetime]")) {
    const when = new Date(element.getAttribute("datetime"));
    const text = Number.isNaN(when.getTime()) ? element.getAttribute("datetime") : format.format(when);
    if (element.textContent !== text) element.textContent = text;
  }
}

export function render({ model, el }) {
  const python = talk(model);
  const t = python.text;
  el.style.display = "none";
  const watch = pulseWatch(python.get("patience_seconds") * 1000);
  const words = make("span", {});
  const banner = make("div", { role: "alert", class: "wb-disconnected", hidden: true }, words,
    make("button", { type: "button", style: BUTTON, onclick: () => location.reload() }, t("Reload")));
  document.body.append(banner);

  function show(lost) {
    if (banner.hidden === !lost) return;
    banner.hidden = !lost;
    banner.style.cssText = lost ? BANNER : "";
    words.textContent = t("The connection is lost; please reload the page. Drafts are saved.");
    (window.__wb ??= {}).connected = !lost;
  }
  function ask() {
    if (document.hidden) return;
    try {
      model.send({ kind: "beat", n: watch.next(performance.now(), Date.now()) });
    } catch {
      show(true); // the comm is closed for good
      return;
    }
    show(watch.lost(performance.now()));
  }
  const heard = () => {
    watch.answered(python.get("beat"), performance.now());
    show(false);
  };
  const timer = setInterval(ask, python.get("beat_seconds") * 1000);
  const visible = () => {
    watch.excuse();
    ask();
  };

  function onKey(event) {
    if (event.defaultPrevented || typing(event) || event.repeat) return;
    const key = keyName(event);
    if (!python.get("hot_keys").includes(key)) return;
    event.preventDefault();
    model.send({ kind: "key", key });
  }
  function download(message) {
    if (message?.kind !== "open_url") return;
    const address = new URL(message.url, location.origin);
    if (address.origin !== location.origin) return;
    const link = make("a", { href: address.href });
    if (message.download) link.download = message.download;
    else link.target = "_blank";
    link.rel = "noopener";
    document.body.append(link);
    link.click();
    link.remove();
  }
  let asked = 0;
  const times = () => (asked ||= requestAnimationFrame(() => {
    asked = 0;
    localTimes(document, document.documentElement.lang);
  }));
  const pages = new MutationObserver(times);

  window.wbDisplay = displayOf(window); // the header strip asks which screen it is on
  python.on("beat", heard);
  model.on("msg:custom", download);
  document.addEventListener("keydown", onKey);
  document.addEventListener("visibilitychange", visible);
  pages.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["datetime"] });
  python.tell("time_zone", Intl.DateTimeFormat().resolvedOptions().timeZone);
  times();
  ask();

  return () => {
    clearInterval(timer);
    cancelAnimationFrame(asked);
    pages.disconnect();
    document.removeEventListener("keydown", onKey);
    document.removeEventListener("visibilitychange", visible);
    model.off("msg:custom", download);
    python.close();
    banner.remove();
  };
}
