// Hears from the server what happened to the files, as long as somebody looks.

import { Refused, root } from "./api.js";
import { pending } from "./saving.js";
import { bus, refresh, seen } from "./view.js";

/** @type {string | null} */
let later = null; // what came of the last thing that happened while a change was on its way
/** @type {EventSource | null} */
let source = null;

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
  // a browser has six connections to a server for all its windows: one that nobody sees lets go of its own
  document.addEventListener("visibilitychange", follow);
  addEventListener("pagehide", close);
  addEventListener("pageshow", follow);
  follow();
}

function follow() {
  if (document.hidden) return close();
  if (source) return;
  source = new EventSource(`${root}events`);
  source.addEventListener("changed", (event) => ask(JSON.parse(event.data).seen));
  source.addEventListener("everything", () => ask());
  source.addEventListener("open", () => {
    bus.dispatchEvent(new CustomEvent("connected", { detail: true }));
    ask(); // what happened before it listened
  });
  source.addEventListener("error", () => bus.dispatchEvent(new CustomEvent("connected", { detail: false })));
}

function close() {
  source?.close();
  source = null;
}
