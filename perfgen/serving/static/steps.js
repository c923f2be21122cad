// Takes changes back and makes them again, as long as the visit lasts.

import { edited, finish, isDirty } from "./editing.js";
import { inside } from "./levels.js";
import { idle, save } from "./saving.js";
import { bus, elementOf, now, part, tell } from "./view.js";

export const undo = () => step("undo", "撤销了");
export const redo = () => step("redo", "重做了");

/** @param {"undo" | "redo"} way @param {string} done */
async function step(way, done) {
  if (!finish()) return;
  await idle();
  if (!now()[way]) return tell(way === "undo" ? "没有可以撤销的了。" : "没有可以重做的了。");
  if (!(await save(`api/${way}`, {}))) return;
  const { step: made } = now();
  if (!made) return tell(`${done}。`);
  tell(`${done}：${made.label}`);
  const element = elementOf(made.path) ?? inside(made.path)[0] ?? document.querySelector("#form .changed");
  element?.scrollIntoView({ block: "nearest" });
}

/** @param {KeyboardEvent} event */
function keyed(event) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.isComposing || now().broken) return;
  const key = event.key.toLowerCase();
  const way = key === "z" ? (event.shiftKey ? redo : undo) : key === "y" ? redo : null;
  const inField = event.target instanceof HTMLElement && event.target.matches("input, textarea");
  if (!way || inField || (edited() && isDirty())) return; // the text that is typed has its own undo
  event.preventDefault();
  way();
}

/** Lets changes be taken back. */
export function listen() {
  document.addEventListener("keydown", keyed);
  part("undo").addEventListener("click", undo);
  part("redo").addEventListener("click", redo);
  bus.addEventListener("painted", () => {
    for (const way of /** @type {const} */ (["undo", "redo"])) {
      part(way).setAttribute("aria-disabled", String(!now()[way]));
    }
  });
}
