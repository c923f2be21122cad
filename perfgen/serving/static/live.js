// Hears from the server what happened to the files.

import { root } from "./api.js";
import { bus } from "./view.js";

/** @param {(message: {file: string, version: string}) => void} changed @param {() => void} everything */
export function listen(changed, everything) {
  const source = new EventSource(`${root}events`);
  source.addEventListener("file", (event) => changed(JSON.parse(event.data)));
  source.addEventListener("everything", everything);
  source.addEventListener("open", () => bus.dispatchEvent(new CustomEvent("connected", { detail: true })));
  source.addEventListener("error", () => bus.dispatchEvent(new CustomEvent("connected", { detail: false })));
  return source;
}
