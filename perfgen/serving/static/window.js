// The window of a data file.

import * as commit from "./commit.js";
import * as editing from "./editing.js";
import "./file_menu.js";
import * as keys from "./keys.js";
import * as kept from "./kept.js";
import * as knowing from "./knowing.js";
import * as live from "./live.js";
import * as paste from "./paste.js";
import * as rows from "./rows.js";
import { pending } from "./saving.js";
import * as steps from "./steps.js";
import * as tabs from "./tabs.js";
import { bus, now, part, refresh } from "./view.js";

kept.listen();
editing.listen();
keys.listen();
knowing.listen();
rows.listen();
steps.listen();
paste.listen();
let connected = true;
bus.addEventListener("connected", (event) => {
  connected = /** @type {CustomEvent} */ (event).detail;
  state();
});
for (const kind of ["saving", "saved", "painted", "kept"]) bus.addEventListener(kind, state);
addEventListener("beforeunload", (event) => {
  if (pending || kept.hasKept() || editing.isDirty()) event.preventDefault();
});
await refresh();
commit.listen();
live.listen();
tabs.listen();

function state() {
  const { errors, warnings, holes } = now().counts;
  const left = [
    [errors, "个错误"],
    [warnings, "个警告"],
    [holes, "处没有填"],
  ].filter(([count]) => count);
  const doing = pending ? "正在保存" : kept.hasKept() ? "有没保存的" : "已保存";
  const { broken, version } = now();
  part("state").classList.toggle("failed", broken || !connected || (!pending && kept.hasKept()));
  if (!connected) return part("state").replaceChildren(`程序没有在运行；${kept.hasKept() ? "有没保存的" : "填过的都保存了"}`);
  if (broken) return part("state").replaceChildren(version ? "文件现在读不出来" : "文件不在了");
  part("state").textContent = `${doing}；${left.map(([count, what]) => `${count} ${what}`).join("，") || "没有要改的"}`;
}
