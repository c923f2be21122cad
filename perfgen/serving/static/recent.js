// The files that were opened last, remembered by this browser alone.

const KEY = "perfgen-recent";
const MOST = 6;

/** @returns {string[]} */
export function files() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string").slice(0, MOST) : [];
  } catch {
    return [];
  }
}

/** @param {string} file */
export function note(file) {
  try {
    localStorage.setItem(KEY, JSON.stringify([file, ...files().filter((one) => one !== file)].slice(0, MOST)));
  } catch {
    // a browser that keeps nothing
  }
}
