// What is folded stays folded, and what was opened stays open, whatever is painted.

import { bus } from "./view.js";

/** @type {Map<string, boolean>} */
const chosen = new Map();

function restore() {
  for (const fold of document.querySelectorAll("details[data-fold]")) {
    const is = chosen.get(fold.getAttribute("data-fold") ?? "");
    if (is !== undefined && fold instanceof HTMLDetailsElement && fold.open !== is) fold.open = is;
  }
}

/** Opens what an element is folded away in. @param {Element} element */
export function unfold(element) {
  for (let fold = element.closest("details"); fold; fold = fold.parentElement?.closest("details") ?? null) {
    fold.open = true;
    if (fold.dataset.fold) chosen.set(fold.dataset.fold, true);
  }
}

/** Remembers what people fold and unfold. */
export function listen() {
  document.addEventListener("click", (event) => {
    const summary = event.target instanceof Element ? event.target.closest("summary") : null;
    const fold = summary?.parentElement;
    if (fold instanceof HTMLDetailsElement && fold.dataset.fold) chosen.set(fold.dataset.fold, !fold.open);
  });
  bus.addEventListener("painted", restore);
}
