// Sends changes to the server, one after the other, each made of the version that the one before it left.

import { Refused, post } from "./api.js";
import { bus, file, now, refresh, show, tell } from "./view.js";

/** @type {Promise<unknown>} */
let last = Promise.resolve();

/** Whether something is on its way. */
export let pending = 0;

/**
 * Makes a change when those before it are made; gives whether it was.
 * @param {string} address
 * @param {object} change
 * @returns {Promise<boolean>}
 */
export function save(address, change) {
  pending += 1;
  bus.dispatchEvent(new CustomEvent("saving"));
  const made = last.then(() => send(address, change));
  last = made;
  return made;
}

/** @param {string} address @param {object} change */
async function send(address, change) {
  try {
    const given = await post(address, { file, version: now().version, ...change });
    show(given);
    for (const remark of given.remarks ?? []) tell(remark);
    return true;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.answer?.slots) show(error.answer, error.status === 409);
    bus.dispatchEvent(new CustomEvent("refused", { detail: { status: error.status, change, trouble: error.message } }));
    tell(error.status === 409 ? "文件刚刚被别处改了，没有覆盖它。" : error.message);
    return false;
  } finally {
    pending -= 1;
    bus.dispatchEvent(new CustomEvent("saved"));
  }
}

/** @param {import("./types.js").Step[]} path @param {string} text */
export const put = (path, text) => save("api/put", { path, text });

/** @param {object} edit */
export const edit = (edit) => save("api/edit", { edit });

export { refresh };
