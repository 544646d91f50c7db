/** An arrow with words: nothing is measured. Pure. */

export const LONGEST = 200; // signs, as Python takes them

/** Words of an arrow as they are kept: one line, no blanks around, never too long. */
export const wordsOf = (text) => [...String(text ?? "").replace(/\s+/g, " ").trim()].slice(0, LONGEST).join("");
