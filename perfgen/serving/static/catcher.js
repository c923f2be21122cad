// Catches what is typed while a new row is on its way, so that it comes to stand in that row.

const field = document.createElement("textarea");
field.className = "catcher";
field.tabIndex = -1;
field.setAttribute("aria-label", "新的一格");
/** Keys that go on to another place, as what is put into the text for them. */
const MARKS = /** @type {Record<string, string>} */ ({ Tab: "\t", Enter: "\v", Escape: "" });
field.addEventListener("keydown", (event) => {
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
 * Types what was typed meanwhile, when the place that it belongs to has the focus.
 * @param {(along: boolean) => void} goOn goes on to the next place, or the one below
 */
export function end(goOn) {
  const parts = field.value.split(/([\t\v])/);
  field.value = "";
  field.remove();
  for (const part of parts) {
    if (part === "\t" || part === "\v") goOn(part === "\t");
    else if (part) document.execCommand("insertText", false, part);
  }
}
