// Numbers as people type them, with a comma or a point; what is none is told in the server's words.

import { filled } from "./opening.js";

// The number in a field, undefined where it is empty.
export function numberIn(field, isWhole = false) {
  const text = field.value.trim();
  if (text === "") return undefined;
  const number = Number(text.replace(",", "."));
  if (Number.isFinite(number) && (!isWhole || Number.isInteger(number))) return number;
  field.focus();
  throw new Error(filled("reject-not-a-number", { given: text, name: field.labels[0].textContent.trim() }));
}
