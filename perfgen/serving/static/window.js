// The window of a data file.

import * as editing from "./editing.js";
import * as live from "./live.js";
import { pending } from "./saving.js";
import * as tabs from "./tabs.js";
import { bus, now, part, refresh } from "./view.js";

editing.listen();
bus.addEventListener("saving", state);
bus.addEventListener("saved", state);
bus.addEventListener("painted", state);
await refresh();
live.listen();
tabs.listen();

function state() {
  const { errors, warnings, holes } = now().counts;
  const left = [
    [errors, "个错误"],
    [warnings, "个警告"],
    [holes, "处没有填"],
  ].filter(([count]) => count);
  const doing = pending ? "正在保存" : "已保存";
  part("state").textContent = `${doing}；${left.map(([count, what]) => `${count} ${what}`).join("，") || "没有要改的"}`;
}
