// Asks the server, and gives what it answers.

export const root = document.body.dataset.root ?? "/";

/** What the server would not do, with its answer. */
export class Refused extends Error {
  /**
   * @param {number} status 0 where there is no server
   * @param {any} answer
   */
  constructor(status, answer) {
    super(answer?.trouble ?? "");
    this.status = status;
    this.answer = answer;
  }
}

/**
 * @param {string} path
 * @param {RequestInit} [how]
 * @returns {Promise<any>}
 */
async function ask(path, how) {
  let response;
  try {
    response = await fetch(root + path, how);
  } catch {
    throw new Refused(0, { trouble: "程序没有在运行。回到打开它的窗口看看，再运行一次。" });
  }
  const answer = await response.json().catch(() => ({ trouble: `出了错（${response.status}）。` }));
  if (!response.ok) throw new Refused(response.status, answer);
  return answer;
}

/** @param {string} path @returns {Promise<any>} */
export const get = (path) => ask(path);

/** @param {string} path @param {object} body @returns {Promise<any>} */
export const post = (path, body) =>
  ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

/**
 * Sends a file as it is.
 * @param {string} path @param {Blob} content @param {AbortSignal} signal
 * @returns {Promise<any>}
 */
export const send = (path, content, signal) =>
  ask(path, { method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: content, signal });
