// Hears from the server what happened to the files.

import { root } from "./api.js";
import { pending } from "./saving.js";
import { bus, refresh, seen } from "./view.js";

/** @type {string | null} */
let later = null; // what came of the last thing that happened while a change was on its way

/** Asks again, unless the window knows it already; a change of its own comes back to it first. */
function ask(known = "") {
  if (pending) later = known;
  else if (!known || known !== seen()) refresh().catch(() => undefined); // the server is gone: `connected` says so
}

/** Follows the files until the window is closed. */
export function listen() {
  const source = new EventSource(`${root}events`);
  source.addEventListener("changed", (event) => ask(JSON.parse(event.data).seen));
  source.addEventListener("everything", () => ask());
  source.addEventListener("open", () => {
    bus.dispatchEvent(new CustomEvent("connected", { detail: true }));
    ask();
  });
  source.addEventListener("error", () => bus.dispatchEvent(new CustomEvent("connected", { detail: false })));
  bus.addEventListener("saved", () => {
    if (later === null || pending) return;
    const known = later;
    later = null;
    ask(known);
  });
}
