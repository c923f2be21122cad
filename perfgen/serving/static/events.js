// Hears from the server as long as somebody looks: a browser has six connections to a server for all its windows, so one
// that nobody sees lets go of its own.

import { root } from "./api.js";

/**
 * Calls what is to be done when something is heard: by the name of the event, with what is said of it. `open` and `error`
 * are the connection's own.
 * @param {Record<string, (told: any) => void>} heard
 */
export function hear(heard) {
  /** @type {EventSource | null} */
  let source = null;

  function follow() {
    if (document.hidden) return close();
    if (source) return;
    source = new EventSource(`${root}events`);
    for (const [name, act] of Object.entries(heard)) {
      source.addEventListener(name, (event) => act(event instanceof MessageEvent ? JSON.parse(event.data) : null));
    }
  }

  function close() {
    source?.close();
    source = null;
  }

  document.addEventListener("visibilitychange", follow);
  addEventListener("pagehide", close);
  addEventListener("pageshow", follow);
  follow();
}
