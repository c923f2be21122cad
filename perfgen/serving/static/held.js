// Paths that are remembered while changes are on their way: each goes along with what it is about.

import { whereabouts } from "./located.js";
import { bus } from "./view.js";

/** @typedef {import("./types.js").Step} Step */

/** A path as it now is; null where what it was about is gone, or nobody can say. @typedef {{path: Step[] | null}} Held */

/** @type {Set<Held>} */
const all = new Set();

/**
 * Remembers a path while some work goes on; gives what that gives.
 * @template T @param {Step[]} path @param {(held: Held) => Promise<T>} work @returns {Promise<T>}
 */
export async function holding(path, work) {
  /** @type {Held} */
  const held = { path };
  all.add(held);
  try {
    return await work(held);
  } finally {
    all.delete(held);
  }
}

bus.addEventListener("given", (event) => {
  const { before, view, change } = /** @type {CustomEvent} */ (event).detail;
  for (const held of all) if (held.path) held.path = whereabouts(held.path, before, view, change);
});
