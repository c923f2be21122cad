/* 按列排：table.sortable 的每一列，标题变成按钮。数按大小排，计量单位不同的不混在一起：同一个计量单位的多的在前；
   没有数的在后面，按文字排。没有这个脚本，表照原来的次序。 */
(function () {
  "use strict";
  var tables = document.querySelectorAll("table.sortable");
  for (var i = 0; i < tables.length; i++) prepare(tables[i]);

  function prepare(table) {
    var heads = table.tHead.rows[0].cells, said = document.createElement("p");
    said.className = "quiet";
    said.setAttribute("role", "status");
    table.parentNode.parentNode.insertBefore(said, table.parentNode.nextSibling);
    Array.prototype.forEach.call(heads, function (head, column) {
      var button = document.createElement("button");
      button.type = "button";
      while (head.firstChild) button.appendChild(head.firstChild);
      head.appendChild(button);
      button.addEventListener("click", function () { sort(table, heads, column, said); });
    });
  }

  function sort(table, heads, column, said) {
    var up = heads[column].getAttribute("aria-sort") === "descending";
    var body = table.tBodies[0];
    var rows = Array.prototype.map.call(body.rows, function (row, order) {
      return { row: row, order: order, value: value(row.cells[column]) };
    });
    var units = counted(rows);
    rows.sort(function (a, b) { return compare(a.value, b.value, units, up) || a.order - b.order; });
    rows.forEach(function (each) { body.appendChild(each.row); });
    Array.prototype.forEach.call(heads, function (head) { head.removeAttribute("aria-sort"); });
    heads[column].setAttribute("aria-sort", up ? "ascending" : "descending");
    var several = Object.keys(units).length > 1;
    said.textContent = "按“" + heads[column].textContent.trim() + "”" + (up ? "从小到大" : "从大到小") + "排" +
      (several ? "；计量单位不同的分开排：" + Object.keys(units).sort(function (a, b) { return units[b] - units[a]; })
        .map(function (unit) { return unit || "没有写单位的"; }).join("、") : "") + "。";
  }

  /* 一格里的第一个数和它的单位；没有数的是文字。 */
  function value(cell) {
    var text = cell.textContent.normalize("NFKC").replace(/\s+/g, " ").trim();
    var found = cell.tagName === "TH" ? null : /(-?\d[\d,]*(?:\.\d+)?) ?([^\s\d;;,。()]*)/.exec(text);
    return found ? { number: parseFloat(found[1].replace(/,/g, "")), unit: found[2], text: text } : { number: null, text: text };
  }

  function counted(rows) {
    var units = {};
    rows.forEach(function (each) {
      if (each.value.number !== null) units[each.value.unit] = (units[each.value.unit] || 0) + 1;
    });
    return units;
  }

  function compare(a, b, units, up) {
    if ((a.number === null) !== (b.number === null)) return a.number === null ? 1 : -1;
    if (a.number === null) {
      if (!a.text !== !b.text) return a.text ? -1 : 1;
      return a.text.localeCompare(b.text, "zh-CN") * (up ? 1 : -1);
    }
    if (a.unit !== b.unit) return units[b.unit] - units[a.unit] || (a.unit < b.unit ? -1 : 1);
    return (a.number - b.number) * (up ? 1 : -1);
  }
})();
