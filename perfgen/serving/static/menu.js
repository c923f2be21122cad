// A menu below a button: groups of commands with their keys, for the pointer and the keyboard (ARIA menu pattern).

import { element, freshId } from "./elements.js";

/**
 * @typedef {{label: string, keys?: string, run: () => void, off?: boolean}} Command
 * @typedef {{title: string, commands: Command[]}} Group
 */

/** @type {{box: HTMLElement, owner: HTMLElement, under: Element, back: HTMLElement | null} | null} */
let open = null;

export const isOpen = () => open !== null;

/**
 * Shows a menu.
 * @param {HTMLElement} owner its button @param {Element} under what it stands below
 * @param {Group[]} groups @param {HTMLElement | null} back what gets the focus back
 */
export function show(owner, under, groups, back) {
  hide(false);
  const box = element("div", { id: "menu", role: "menu", "aria-label": "行和组" }, ...groups.map(section));
  frame().append(box);
  open = { box, owner, under, back };
  owner.setAttribute("aria-expanded", "true");
  follow();
  items()[0]?.focus();
  box.addEventListener("keydown", keyed);
  box.addEventListener("focusout", (event) => {
    if (!(event.relatedTarget instanceof Node && box.contains(event.relatedTarget)) && document.hasFocus()) hide(false);
  });
}

/** Keeps the menu at its place. */
function follow() {
  if (!open) return;
  const { box, under } = open;
  const at = under.getBoundingClientRect();
  const top = at.bottom + box.offsetHeight > innerHeight && at.top > box.offsetHeight ? at.top - box.offsetHeight : at.bottom;
  const edge = frame().getBoundingClientRect();
  box.style.left = `${Math.max(4, Math.min(at.left, innerWidth - box.offsetWidth - 4)) - edge.left}px`;
  box.style.top = `${Math.max(0, Math.min(top, innerHeight - box.offsetHeight)) - edge.top}px`;
}

addEventListener("resize", follow);

/** @param {Group} group */
function section({ title, commands }) {
  const id = freshId();
  return element("div", { role: "group", "aria-labelledby": id }, element("p", { id }, title), ...commands.map(item));
}

/** @param {Command} command */
function item({ label, keys, run, off }) {
  const act = () => {
    if (off) return;
    hide();
    run();
  };
  const key = keys && element("kbd", {}, keys);
  return element(
    "button",
    { type: "button", tabindex: -1, role: "menuitem", "aria-disabled": off ? "true" : null, onclick: act }, label, key,
  );
}

/** @returns {HTMLElement[]} */
const items = () => (open ? [...open.box.querySelectorAll("button")] : []);

/** @param {boolean} [back] whether the focus goes back to where it was */
export function hide(back = true) {
  if (!open) return;
  const was = open;
  open = null;
  was.owner.setAttribute("aria-expanded", "false");
  was.box.remove();
  if (back) was.back?.focus();
}

/** @param {KeyboardEvent} event */
function keyed(event) {
  const all = items();
  const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (to !== undefined) all.at(to % all.length)?.focus();
  else if (event.key === "Escape" || event.key === "Tab") hide();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/** What it is painted into. */
const frame = () => document.querySelector("main") ?? document.body;
