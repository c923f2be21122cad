// The rows and groups that a place of the form lies in, and what they are called.

import { isBelow, isSame } from "./located.js";
import { now, slotOf } from "./view.js";

/** @typedef {import("./types.js").Place} Place */
/** @typedef {import("./types.js").Step} Step */

/** The rows and groups that an element stands in, from the innermost. @param {Element | null} element @returns {Place[]} */
export function levels(element) {
  const { places } = now();
  const slot = slotOf(element);
  const own = slot ? places.filter((place) => isBelow(slot.path, place.item)) : [];
  own.sort((one, other) => other.item.length - one.item.length);
  if (own.length) return own;
  const turns = ["p[data-turns]", "tr[data-turns]"].flatMap((name) => numbers(element?.closest(name)).reverse());
  const around = turns.flatMap((number) => places[number] ?? []);
  return [...new Set(around)];
}

/** @param {Element | null | undefined} element */
export const numbers = (element) => (element?.getAttribute("data-turns") ?? "").split(" ").filter(Boolean).map(Number);

/** The elements of values below a path, in reading order. @param {Step[]} path @returns {HTMLElement[]} */
export function inside(path) {
  return [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("main .slot"))].filter((element) => {
    const slot = slotOf(element);
    return slot && isBelow(slot.path, path);
  });
}

/** What a row or group is called: the heading of its column, and its name. @param {Place} place */
export function called(place) {
  const cells = inside(place.item);
  const first = place.group ? cells.find((one) => isSame(slotOf(one)?.path ?? [], place.item)) : cells[0];
  const heading = first ? headingOf(first) : "";
  if (place.group) return `${heading}${place.label}`;
  const name = (first?.textContent ?? "").trim();
  const short = name.length > 24 ? `${name.slice(0, 24)}…` : name;
  if (heading && name) return `${heading}“${short}”`;
  return name ? `${place.label}“${short}”` : place.label;
}

/** The heading over the column of a value, where that stands in a table below headings. @param {Element} element */
function headingOf(element) {
  const cell = element.closest("td, th");
  const column = Number(cell?.getAttribute("data-column"));
  if (!(cell instanceof HTMLTableCellElement) || cell.querySelectorAll("p").length > 1) return "";
  for (let row = cell.closest("tr")?.previousElementSibling; row; row = row.previousElementSibling) {
    for (const head of row.children) {
      const first = Number(head.getAttribute("data-column"));
      if (!(head instanceof HTMLTableCellElement) || !head.classList.contains("header")) continue;
      if (first === column && head.colSpan === cell.colSpan) return (head.textContent ?? "").replace(/\s/g, "");
    }
  }
  return "";
}
