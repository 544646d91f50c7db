/** The reading-room check: pattern, ruler, questions with keys, one form that the server keeps. */

import { sheet, ruler } from "./check/sheet.mjs";
import { calibration } from "./ecg/calibrate.mjs";
import { displayOf } from "./ecg/display.mjs";
import { typing } from "./page/elements.mjs";

const facts = JSON.parse(document.getElementById("facts").textContent);
const t = (source) => facts.texts[source] ?? source;
const form = document.getElementById("check");
const display = displayOf(window);
const cookie = (name) => decodeURIComponent(document.cookie.match(`(?:^|; )${name}=([^;]*)`)?.[1] ?? "");
const pattern = sheet(document.getElementById("room"), document.getElementById("pattern"));
const size = calibration(t, keepSize);
document.body.append(size.element);

/** What the page says of the screen on which it stands now. */
function tell() {
  const here = display();
  form.elements.display.value = here;
  const pxPerMm = facts.sizes[here];
  form.elements.px_per_mm.value = pxPerMm ?? "";
  const shown = ruler(document.getElementById("ruler"), facts.ruler, pxPerMm);
  document.getElementById("unmeasured").hidden = shown;
  const length = form.querySelector("[data-question=length]");
  length.disabled = length.hidden = !shown;
  const last = facts.last[here];
  const box = document.getElementById("last");
  box.textContent = last?.text ?? t("This screen was not checked yet.");
  box.dataset.state = last ? (last.failed ? "failed" : last.late ? "late" : "good") : "never";
}

async function keepSize(pxPerMm) {
  const body = new URLSearchParams({ act: "size", display: display(), px_per_mm: String(pxPerMm) });
  const answer = await fetch(location.pathname, { method: "POST", body, headers: { "X-XSRFToken": cookie("_xsrf"), Accept: "application/json" } });
  const said = await answer.json();
  if (answer.ok) facts.sizes = said.sizes;
  else document.getElementById("last").textContent = said.error;
  tell();
}

/** Answer the nth question with a key: the digit says yes, with Shift no. */
function answer(n, seen) {
  const asked = [...form.querySelectorAll("fieldset[data-question]")].filter((one) => !one.disabled)[n - 1];
  const radio = asked?.querySelector(`input[value=${seen ? "yes" : "no"}]`);
  if (!radio) return;
  radio.checked = true;
  radio.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || typing(event) || size.isOpen) return;
  const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
  if (digit) answer(Number(digit), !event.shiftKey);
  else if (event.code === "KeyF") toggle();
  else if (event.code === "KeyC") size.open(facts.sizes[display()]);
  else return;
  event.preventDefault();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && size.isOpen) size.close();
});

/** The pattern alone, edge to edge. */
function toggle() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.getElementById("room").requestFullscreen();
}
document.getElementById("whole").addEventListener("click", toggle);
document.getElementById("measure").addEventListener("click", () => size.open(facts.sizes[display()]));
form.addEventListener("submit", () => {
  tell();
  form.elements.ratio.value = String(window.devicePixelRatio || 1);
  form.elements.pattern.value = String(pattern.side());
});
window.addEventListener("resize", tell);
tell();
document.documentElement.dataset.ready = "";
