// Sends changes to the server, one after the other, each made of the version that the one before it left.

import { Refused, post } from "./api.js";
import { located, slotAt } from "./located.js";
import { bus, file, now, refresh, show, tell, version } from "./view.js";

/** @typedef {import("./types.js").Step} Step */
/** @typedef {import("./types.js").Change} Change */
/** @typedef {import("./types.js").View} View */

/** @type {Promise<unknown>} */
let last = Promise.resolve();
/** Changes of values that are not made yet; rows that come and go before them move them. @type {Set<Change>} */
const queue = new Set();
/** How often a change is tried that others' changes got in the way of. */
const TRIES = 4;

/** Whether something is on its way. */
export let pending = 0;

/** When all that was asked for so far is made. */
export const idle = () => last;

/** The text that is on its way to a path, if any is. @param {Step[]} path @returns {string | undefined} */
export function onItsWay(path) {
  return [...queue].findLast((change) => JSON.stringify(change.path) === JSON.stringify(path))?.text;
}

/**
 * Makes a change when those before it are made; gives whether it was.
 * @param {string} address
 * @param {Change} change
 * @returns {Promise<boolean>}
 */
export function save(address, change) {
  pending += 1;
  if (change.path) queue.add(change);
  bus.dispatchEvent(new CustomEvent("saving"));
  const made = last.then(() => send(address, change));
  last = made.catch(() => undefined);
  return made;
}

/** @param {string} address @param {Change} change */
async function send(address, change) {
  try {
    await tried(address, change);
    return true;
  } catch (error) {
    const refused = error instanceof Refused ? error : new Refused(500, { trouble: String(error) });
    bus.dispatchEvent(new CustomEvent("refused", { detail: { status: refused.status, change, trouble: refused.message } }));
    if (change.text === undefined) tell(refused.status === 409 ? (/do$/.test(address) ? LATER : CHANGED) : refused.message);
    return false;
  } finally {
    queue.delete(change);
    pending -= 1;
    bus.dispatchEvent(new CustomEvent("saved"));
  }
}

const CHANGED = "文件刚刚被别处改了，没有动它；表上现在是新的样子，看一看再做一次。";
const LATER = "文件后来在别处改过，撤销、重做会盖掉那里的改动，没有动它。";

/** Makes a change; a typed value is tried again where others changed only other things. @param {string} address @param {Change} change */
async function tried(address, change) {
  for (let number = 1; ; number += 1) {
    const before = now();
    try {
      const given = await post(address, { file, version: version(), ...change });
      received(given, change);
      for (const remark of given.remarks ?? []) tell(remark);
      return;
    } catch (error) {
      if (!(error instanceof Refused) || !error.answer?.slots) throw error;
      const after = /** @type {View} */ (error.answer);
      const wanted = change.path && change.text !== undefined ? change.path : null;
      const path = wanted && located(wanted, before, after, null);
      const isFree = wanted && path && slotAt(after, path)?.typed === slotAt(before, wanted)?.typed;
      received(after, null, change);
      if (error.status !== 409 || !isFree || after.broken || number === TRIES) throw error;
      change.path = path;
    }
  }
}

/** @param {View} given @param {Change | null} made @param {Change} [except] */
function received(given, made, except) {
  const before = now();
  for (const change of queue) {
    if (change === made || change === except || !change.path) continue;
    change.path = located(change.path, before, given, made) ?? change.path;
  }
  show(given, given.version === before.version ? {} : made);
}

/** @param {Step[]} path @param {string} text */
export const put = (path, text) => save("api/put", { path, text });

/** @param {import("./types.js").Edit} edit */
export const edit = (edit) => save("api/edit", { edit });

export { refresh };
