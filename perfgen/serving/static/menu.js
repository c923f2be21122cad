// A menu below a button: groups of commands with their keys, for the pointer and the keyboard (ARIA menu pattern).

/**
 * @typedef {{label: string, keys?: string, run: () => void, off?: boolean}} Command
 * @typedef {{title: string, commands: Command[]}} Group
 */

/** @type {{box: HTMLElement, owner: HTMLElement, back: HTMLElement | null} | null} */
let open = null;

export const isOpen = () => open !== null;

/**
 * Shows a menu.
 * @param {HTMLElement} owner its button @param {Element} under what it stands below
 * @param {Group[]} groups @param {HTMLElement | null} back what gets the focus back
 */
export function show(owner, under, groups, back) {
  hide(false);
  const box = document.createElement("div");
  box.id = "menu";
  box.setAttribute("role", "menu");
  box.setAttribute("aria-label", "行和组");
  groups.forEach((group, number) => box.append(section(group, number)));
  frame().append(box);
  open = { box, owner, back };
  owner.setAttribute("aria-expanded", "true");
  const at = under.getBoundingClientRect();
  const top = at.bottom + box.offsetHeight > innerHeight && at.top > box.offsetHeight ? at.top - box.offsetHeight : at.bottom;
  const edge = frame().getBoundingClientRect();
  box.style.left = `${Math.max(4, Math.min(at.left, innerWidth - box.offsetWidth - 4)) - edge.left}px`;
  box.style.top = `${Math.max(0, Math.min(top, innerHeight - box.offsetHeight)) - edge.top}px`;
  items()[0]?.focus();
  box.addEventListener("keydown", keyed);
  box.addEventListener("focusout", (event) => {
    if (!(event.relatedTarget instanceof Node && box.contains(event.relatedTarget)) && document.hasFocus()) hide(false);
  });
}

/** @param {Group} group @param {number} number */
function section({ title, commands }, number) {
  const made = document.createElement("div");
  made.setAttribute("role", "group");
  const name = document.createElement("p");
  name.id = `menu-${number}`;
  name.textContent = title;
  made.setAttribute("aria-labelledby", name.id);
  made.append(name, ...commands.map(item));
  return made;
}

/** @param {Command} command */
function item({ label, keys, run, off }) {
  const made = document.createElement("button");
  made.type = "button";
  made.tabIndex = -1;
  made.setAttribute("role", "menuitem");
  made.append(label);
  if (keys) {
    const kbd = document.createElement("kbd");
    kbd.textContent = keys;
    made.append(kbd);
  }
  if (off) made.setAttribute("aria-disabled", "true");
  made.addEventListener("click", () => {
    if (off) return;
    hide();
    run();
  });
  return made;
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
