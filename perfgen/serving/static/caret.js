// The caret in a text that is edited: where it stands, and whether the text ends there.

/** How a text is begun: all of it chosen, the caret at an end, or where the pointer went. @typedef {"all" | "start" | "end" | "pointer"} Begin */

/** @param {HTMLElement} element @param {Begin} how */
export function place(element, how) {
  if (how === "pointer") return;
  const range = document.createRange();
  range.selectNodeContents(element);
  if (how !== "all") range.collapse(how === "start");
  choose(range);
}

/** @param {Range} range */
function choose(range) {
  const selection = getSelection();
  selection?.removeAllRanges();
  selection?.addRange(range);
}

/** What is chosen in an element, as numbers of characters; null where nothing is. @param {HTMLElement} element */
export function offsets(element) {
  const selection = getSelection();
  const range = selection?.rangeCount ? selection.getRangeAt(0) : null;
  if (!range || !element.contains(range.startContainer)) return null;
  const before = document.createRange();
  before.selectNodeContents(element);
  before.setEnd(range.startContainer, range.startOffset);
  const start = before.toString().length;
  return { start, end: start + range.toString().length, all: element.textContent?.length ?? 0 };
}

/** Puts the caret where it stood. @param {HTMLElement} element @param {{start: number, end: number}} at */
export function restore(element, at) {
  const text = element.firstChild;
  if (!text) return place(element, "end");
  const most = text.textContent?.length ?? 0;
  const range = document.createRange();
  range.setStart(text, Math.min(at.start, most));
  range.setEnd(text, Math.min(at.end, most));
  choose(range);
}

/** Whether the caret stands at an end of the text, and nothing is chosen. @param {HTMLElement} element @param {"start" | "end"} end */
export function isAt(element, end) {
  const at = offsets(element);
  return !!at && at.start === at.end && at.start === (end === "start" ? 0 : at.all);
}

/** Whether all of a text is chosen. @param {HTMLElement} element */
export function isAll(element) {
  const at = offsets(element);
  return !!at && at.end - at.start === at.all;
}

/** Whether the caret stands in the first or the last line of what is printed. @param {HTMLElement} element @param {"first" | "last"} line */
export function isInLine(element, line) {
  const selection = getSelection();
  if (!selection?.rangeCount) return true;
  const caret = selection.getRangeAt(0).cloneRange();
  caret.collapse(line === "first");
  const mine = caret.getClientRects()[0];
  const all = document.createRange();
  all.selectNodeContents(element);
  const boxes = [...all.getClientRects()];
  if (!mine || !boxes.length) return true;
  const half = mine.height / 2;
  return line === "first"
    ? mine.top - Math.min(...boxes.map((box) => box.top)) < half
    : Math.max(...boxes.map((box) => box.bottom)) - mine.bottom < half;
}
