// Marks each cell that a finding is about, for eyes and for screen readers.

import { bus, now } from "./view.js";

const GRAVE = ["error", "warning", "hole"];
const at = (/** @type {number | null} */ slot) => document.querySelector(`main .slot[data-slot="${slot}"]`);

/** The findings about a place, by the number of its slot. @param {number} slot */
export const findingsAt = (slot) => now().findings.filter((one) => one.slot === slot);

function mark() {
  for (const element of document.querySelectorAll("main .slot.found")) {
    element.classList.remove("found", ...GRAVE);
    element.removeAttribute("aria-describedby");
  }
  for (const slot of now().holes) at(slot)?.classList.add("found", "hole");
  for (const { number, part, slot } of now().findings) {
    const element = at(slot);
    if (!element || !GRAVE.includes(part)) continue;
    element.classList.add("found", part);
    const others = element.getAttribute("aria-describedby");
    element.setAttribute("aria-describedby", others ? `${others} finding-${number}` : `finding-${number}`);
  }
}

/** Marks the cells whenever they are painted. */
export function listen() {
  bus.addEventListener("painted", mark);
}
