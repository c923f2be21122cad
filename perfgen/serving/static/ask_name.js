// Asks what a new group is called: one of the names that the form has, or a name of one's own.

import { element, field, openDialog } from "./elements.js";

/**
 * Asks for a name; null where there is none after all.
 * @param {string} title @param {string[]} names @param {boolean} isOpen whether it may be a name of one's own
 * @returns {Promise<string | null>}
 */
export function askName(title, names, isOpen) {
  return new Promise((resolve) => {
    /** @type {string | null} */
    let chosen = null;
    const choose = (/** @type {string} */ name) => {
      chosen = name.trim() || null;
      if (chosen) dialog.close();
    };
    const input = element("input", { autocomplete: "off" });
    const own = () => choose(input.value);
    const list = names.map((name) => element("button", { type: "button", onclick: () => choose(name) }, name));
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing || event.keyCode === 229) return;
      event.preventDefault(); // else the key goes on into the place that gets the focus back, and empties it
      own();
    });
    const dialog = openDialog(
      title,
      element("div", { class: "buttons" }, ...list),
      isOpen && field(names.length ? "别的名称" : "名称", input),
      isOpen && element("div", { class: "buttons" }, element("button", { type: "button", class: "main", onclick: own }, "加上")),
    );
    dialog.classList.add("ask");
    (list[0] ?? input).focus();
    dialog.addEventListener("close", () => resolve(chosen));
  });
}
