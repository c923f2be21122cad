// Hears from the server what happened to the files, as long as somebody looks.

import { Refused } from "./api.js";
import { hear } from "./events.js";
import { pending } from "./saving.js";
import { bus, refresh, seen } from "./view.js";

/** @type {string | null} */
let later = null; // what came of the last thing that happened while a change was on its way

/** Asks again, unless the window knows it already; a change of its own comes back to it first. */
function ask(known = "") {
  bus.dispatchEvent(new CustomEvent("changed"));
  if (pending) later = known;
  else if (!known || known !== seen()) refresh().catch(told);
}

/** A server that does not answer is said elsewhere. @param {unknown} error */
function told(error) {
  if (!(error instanceof Refused)) throw error;
}

/** Follows the files until the window is closed. */
export function listen() {
  bus.addEventListener("saved", () => {
    if (later === null || pending) return;
    const known = later;
    later = null;
    ask(known);
  });
  hear({
    changed: (told) => ask(told.seen),
    everything: () => ask(),
    open: () => {
      connected(true);
      ask(); // what happened before it listened
    },
    error: () => connected(false),
  });
}

/** @param {boolean} is */
const connected = (is) => bus.dispatchEvent(new CustomEvent("connected", { detail: is }));
