/** A line to write into, over the film, beside what it is for. */

import { make } from "../page/elements.mjs";
import { LONGEST, wordsOf } from "./arrow.mjs";

/** @param {string} label */
export function asking(label) {
  const input = make("input", { type: "text", maxLength: LONGEST, "aria-label": label, placeholder: label });
  const element = make("div", { class: "wb-asking", hidden: true }, input);
  let done = null;
  function end(words) {
    const answer = done;
    done = null;
    element.hidden = true;
    answer?.(words);
  }
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || (event.key !== "Enter" && event.key !== "Escape")) return;
    event.preventDefault();
    event.stopPropagation();
    end(event.key === "Enter" ? wordsOf(input.value) : "");
  });
  input.addEventListener("blur", () => end(wordsOf(input.value))); // a click elsewhere keeps what was written
  return {
    element,
    stop: () => end(""),
    /** @returns {Promise<string>} "" when nothing is to be written */
    ask([x, y], before = "") {
      end("");
      input.value = before;
      element.hidden = false;
      Object.assign(element.style, { left: `${x}px`, top: `${y}px` });
      const answer = new Promise((resolve) => (done = resolve));
      requestAnimationFrame(() => input.focus());
      return answer;
    },
  };
}
