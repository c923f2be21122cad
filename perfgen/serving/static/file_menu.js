// In the window of a file: what can be made from it, and a Word form that comes back.

import { get } from "./api.js";
import { element } from "./elements.js";
import * as importing from "./importing.js";
import { askForAfter } from "./making.js";
import * as recent from "./recent.js";

const file = document.body.dataset.file ?? "";
const context = () => ({ file });

recent.note(file);
document.getElementById("tools")?.append(
  element("button", { type: "button", "aria-haspopup": "dialog", onclick: open }, "接着做…"),
  importing.chooser(context),
);
importing.listen(context);

async function open() {
  askForAfter(file, await get(`api/after?file=${encodeURIComponent(file)}`));
}
