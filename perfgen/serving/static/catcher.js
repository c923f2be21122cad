// Catches what is typed while a new row is on its way, so that it comes to stand in that row.

import { edited, goOn } from "./editing.js";
import { below, beside } from "./places.js";
import { put } from "./saving.js";
import { slotOf } from "./view.js";

const field = document.createElement("textarea");
field.className = "catcher";
field.tabIndex = -1;
field.setAttribute("aria-label", "新的一格");
/** Keys that go on to another place, as what is put into the text for them. */
const MARKS = /** @type {Record<string, string>} */ ({ Tab: "\t", Enter: "\v", Escape: "" });
field.addEventListener("keydown", (event) => {
  if (event.ctrlKey && event.key.toLowerCase() === "a") event.preventDefault(); // what was typed belongs to several places
  const mark = MARKS[event.key];
  if (mark === undefined || event.isComposing || event.keyCode === 229 || event.ctrlKey) return;
  event.preventDefault();
  if (!event.shiftKey) field.value += mark;
});

/** Whether an element is what catches. @param {unknown} element */
export const isCatcher = (element) => element === field;

/** Takes the focus. */
export function start() {
  field.value = "";
  document.querySelector("main")?.append(field);
  field.focus({ preventScroll: true });
}

/**
 * Types what was typed meanwhile from a place on; gives the place where that ends.
 * @param {HTMLElement | null} from
 */
export function end(from) {
  const parts = field.value.split(/([\t\v])/);
  field.value = "";
  field.remove();
  let at = from;
  for (const part of parts.filter(Boolean)) {
    const isHere = edited()?.element === at;
    if (part === "\t" || part === "\v") {
      if (isHere) goOn(1, part === "\t");
      at = isHere ? edited()?.element ?? at : at && (part === "\t" ? beside(at, 1) : below(at, 1));
    } else if (isHere) document.execCommand("insertText", false, part);
    else if (slotOf(at)?.editable) put(slotOf(at)?.path ?? [], part); // somebody went on to another place
  }
  return at;
}
