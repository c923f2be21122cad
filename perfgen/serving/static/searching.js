// Finds names by their characters, by how they are read, and by the first letters of that.

/** @param {string} text */
export const plain = (text) => text.normalize("NFKC").toLowerCase().replace(/[\s'’“”"·]/g, "");

/**
 * Whether a name is meant by what was typed.
 * @param {string} name
 * @param {string} reading its syllables with spaces between them, the readings of one with strokes
 * @param {string} typed as `plain` gives it
 */
export function isMeant(name, reading, typed) {
  if (plain(name).includes(typed)) return true;
  if (!reading || !/^[a-z0-9]+$/.test(typed)) return false;
  const syllables = reading.split(" ").map((one) => one.split("/"));
  return syllables.some((_, at) => spells(syllables, at, typed));
}

/**
 * From one character on: each whole or by its first letter, the last one as far as it is typed.
 * @param {string[][]} syllables @param {number} at @param {string} typed
 * @returns {boolean}
 */
function spells(syllables, at, typed) {
  if (!typed) return true;
  if (at >= syllables.length) return false;
  return syllables[at].some(
    (reading) =>
      reading.startsWith(typed) ||
      (typed.startsWith(reading) && spells(syllables, at + 1, typed.slice(reading.length))) ||
      (typed[0] === reading[0] && spells(syllables, at + 1, typed.slice(1))),
  );
}
