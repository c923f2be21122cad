// The list of what may be chosen in a place, below it.

import { element } from "./elements.js";

/** @typedef {import("./types.js").Slot} Slot */

const NOTHING = "（不填）";

/** @type {{list: HTMLElement, owner: HTMLElement, values: string[], at: number} | null} */
let open = null;

/** Whether the list is shown. */
export const isOpen = () => open !== null;

/** Shows the choices of a place. @param {HTMLElement} owner @param {Slot} slot @param {string} chosen @param {(value: string) => void} take */
export function show(owner, slot, chosen, take) {
  hide();
  const values = [...slot.choices, ""];
  const options = values.map((value, number) => option(value, number, value === chosen));
  const list = element("ul", { id: "choices", role: "listbox", "aria-label": slot.label }, ...options);
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    event.stopPropagation();
    const found = event.target instanceof Element ? event.target.closest("[role=option]") : null;
    if (found) take(values[[...list.children].indexOf(found)] ?? chosen);
  });
  frame().append(list);
  open = { list, owner, values, at: chosen ? values.indexOf(chosen) : -1 };
  owner.setAttribute("aria-expanded", "true");
  owner.setAttribute("aria-controls", list.id);
  follow();
  light();
}

/** @param {string} value @param {number} number @param {boolean} isChosen */
const option = (value, number, isChosen) =>
  element(
    "li",
    {
      id: `choice-${number}`, role: "option", "aria-selected": String(isChosen), class: value ? null : "nothing",
      "data-key": value && number < 9 ? number + 1 : null,
    },
    value || NOTHING,
  );

export function hide() {
  if (!open) return;
  open.list.remove();
  open.owner.removeAttribute("aria-activedescendant");
  open.owner.setAttribute("aria-expanded", "false");
  open.owner.removeAttribute("aria-controls");
  open = null;
}

/** What the keyboard points to; undefined where it points to nothing. @returns {string | undefined} */
export const pointed = () => (open && open.at >= 0 ? open.values[open.at] : undefined);

/** Points to another choice. @param {number} by */
export function step(by) {
  if (!open) return;
  const count = open.values.length;
  open.at = open.at < 0 && by < 0 ? count - 1 : (open.at + by + count) % count;
  light();
}

/** The choice of a digit. @param {string} key @returns {string | undefined} */
export const byDigit = (key) => (open && /^[1-9]$/.test(key) ? open.values.slice(0, -1)[Number(key) - 1] : undefined);

function light() {
  if (!open) return;
  [...open.list.children].forEach((item, number) => item.classList.toggle("pointed", number === open?.at));
  const item = open.list.children[open.at];
  item?.scrollIntoView({ block: "nearest" });
  if (item) open.owner.setAttribute("aria-activedescendant", item.id);
}

/** Keeps the list at its place. */
export function follow() {
  if (!open) return;
  const box = open.owner.getBoundingClientRect();
  const { list } = open;
  const under = innerHeight - box.bottom;
  const height = list.offsetHeight;
  const edge = frame().getBoundingClientRect();
  list.style.left = `${Math.max(4, Math.min(box.left, innerWidth - list.offsetWidth - 4)) - edge.left}px`;
  list.style.top = `${(under > height + 8 || box.top < height ? box.bottom + 3 : box.top - height - 3) - edge.top}px`;
}

/** What it is painted into. */
const frame = () => document.querySelector("main") ?? document.body;
