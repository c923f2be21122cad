// What keys and buttons ask for is done one after the other, in the order in which it was asked for.

import { tell } from "./view.js";

/** @type {Promise<unknown>} */
let last = Promise.resolve();

/** Does something after all that was asked for before. @param {() => unknown} work @returns {Promise<unknown>} */
export function inTurn(work) {
  last = last.then(work).catch((error) => tell(String(error)));
  return last;
}
