// Which place comes after another: the next to read, the one below, the one above.

import { slotOf } from "./view.js";

/** The places that can be edited and are not folded away, in their order. @returns {HTMLElement[]} */
export function all() {
  return [...document.querySelectorAll("main .slot[role]")].filter(
    /** @returns {element is HTMLElement} */ (element) => element instanceof HTMLElement && !!slotOf(element)?.editable && element.checkVisibility(),
  );
}

/** @param {Element | null} from @param {1 | -1} by */
export function beside(from, by) {
  const places = all();
  const at = places.findIndex((one) => one === from);
  if (at >= 0) return places[at + by] ?? null;
  const follows = places.findIndex((one) => from && from.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
  return (by > 0 ? places[follows] : places[(follows < 0 ? places.length : follows) - 1]) ?? null;
}

/** The place below or above: in the same cell, else in the same column of the rows there. @param {Element} from @param {1 | -1} by */
export function below(from, by) {
  const cell = from.closest("[data-column]");
  if (!cell) return beside(from, by);
  const inCell = all().filter((one) => cell.contains(one));
  const line = from.closest("p");
  const others = inCell.filter((one) => one.closest("p") !== line);
  const side = by > 0 ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING;
  const later = others.filter((one) => from.compareDocumentPosition(one) & side);
  const next = by > 0 ? later[0] : later.at(-1);
  return next ?? inColumn(cell, by);
}

/** @param {Element} cell @param {1 | -1} by */
function inColumn(cell, by) {
  const step = (/** @type {Element} */ row) => (by > 0 ? row.nextElementSibling : row.previousElementSibling);
  const middle = Number(cell.getAttribute("data-column"));
  const start = cell.closest("tr");
  for (let row = start && step(start); row; row = step(row)) {
    const under = [...row.children].find((one) => covers(one, middle));
    const found = under ? all().filter((one) => under.contains(one)) : [];
    const next = by > 0 ? found[0] : found.at(-1);
    if (next) return next;
  }
  return null;
}

/** @param {Element} cell @param {number} column */
function covers(cell, column) {
  const first = Number(cell.getAttribute("data-column"));
  return first <= column && column < first + (cell instanceof HTMLTableCellElement ? cell.colSpan : 1);
}

/** The place that a pointer means: the one under it, else the nearest one of its line or its cell. @param {EventTarget | null} target @param {number} y */
export function meant(target, y) {
  if (!(target instanceof Element)) return null;
  const slot = target.closest(".slot");
  if (slot) return slot instanceof HTMLElement && slotOf(slot)?.editable ? slot : null;
  const around = target.closest("main p, main td, main th");
  if (!around || target.closest("button, a, input, select, textarea, summary")) return null;
  const inside = all().filter((one) => around.contains(one));
  const far = (/** @type {HTMLElement} */ one) => {
    const box = one.getBoundingClientRect();
    return Math.max(box.top - y, y - box.bottom, 0);
  };
  return inside.reduce((/** @type {HTMLElement | null} */ best, one) => (best && far(best) <= far(one) ? best : one), null);
}
