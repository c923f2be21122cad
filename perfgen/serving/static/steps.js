// Takes changes back and makes them again, as long as the visit lasts.

import { isCatcher } from "./catcher.js";
import { begin, edited, finish, isDirty } from "./editing.js";
import { inside } from "./levels.js";
import { idle, save } from "./saving.js";
import { inTurn } from "./turns.js";
import { bus, elementOf, now, part, tell } from "./view.js";

export const undo = () => inTurn(() => take("undo", "撤销了"));
export const redo = () => inTurn(() => take("redo", "重做了"));

/** @param {"undo" | "redo"} way @param {string} done */
async function take(way, done) {
  const before = edited()?.element;
  if (!finish()) return;
  await idle();
  if (!now()[way]) return tell(way === "undo" ? "没有可以撤销的了。" : "没有可以重做的了。");
  if (!(await save(`api/${way}`, {}))) return;
  const { step: made } = now();
  if (!made) return tell(`${done}。`);
  tell(`${done}：${made.label}。`);
  const found = elementOf(made.path) ?? inside(made.path)[0] ?? document.querySelector("#form .changed");
  const element = found instanceof HTMLElement ? found : before?.isConnected ? before : null;
  if (isCatcher(document.activeElement)) return; // somebody is typing what comes next
  element?.scrollIntoView({ block: "nearest" });
  begin(element);
}

/** @param {KeyboardEvent} event */
function keyed(event) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.isComposing || now().broken) return;
  const key = event.key.toLowerCase();
  const way = key === "z" ? (event.shiftKey ? redo : undo) : key === "y" ? redo : null;
  const inField = event.target instanceof HTMLElement && event.target.matches("input, textarea:not(.catcher)");
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
