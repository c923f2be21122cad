/* 搜索：名称、拼音、拼音的第一个字母都能查。全部名称在一个脚本里，第一次用到搜索时才去取：
   从 U 盘打开的网页只能这样取。没有这个脚本，搜索不出现，列表照样都在。 */
(function () {
  "use strict";
  var KINDS = ["单位", "项目", "表", "指标"], MOST = 30;
  var form = document.getElementById("search");
  if (!form) return;
  var input = document.getElementById("search-text");
  var list = document.getElementById("search-found");
  var count = document.getElementById("search-count");
  var names = null, asked = false;

  form.hidden = false;
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var first = list.querySelector("a");
    if (first) first.click();
  });
  input.addEventListener("focus", load);
  input.addEventListener("input", function () { load(); show(); });
  form.addEventListener("keydown", move);
  if (document.activeElement === input || input.value) { load(); }

  function load() {
    if (asked) return;
    asked = true;
    var script = document.createElement("script");
    script.src = form.getAttribute("data-names");
    script.onload = function () { names = window.perfgenNames.map(prepared); show(); };
    script.onerror = function () { asked = false; count.textContent = "名称没有取到，请看下面的列表。"; };
    document.head.appendChild(script);
  }

  function prepared(row) {
    return {
      kind: row[0], name: row[1], note: row[2], page: row[3], plain: plain(row[1]),
      syllables: row[4] ? row[4].split(" ").map(function (one) { return one.split("/"); }) : []
    };
  }

  function plain(text) {
    return text.normalize("NFKC").toLowerCase().replace(/[\s'’“”"·]/g, "");
  }

  function show() {
    var text = plain(input.value);
    list.textContent = "";
    if (!text || !names) { count.textContent = text && !names ? "正在取名称……" : ""; return; }
    var found = [];
    names.forEach(function (one, order) {
      var rank = ranked(one, text);
      if (rank >= 0) found.push([rank, one.kind, order, one]);
    });
    found.sort(function (a, b) { return a[0] - b[0] || a[1] - b[1] || a[2] - b[2]; });
    found.slice(0, MOST).forEach(function (each) { list.appendChild(item(each[3])); });
    count.textContent = !found.length ? "没有找到。" :
      "找到 " + found.length + " 个" + (found.length > MOST ? "，列出前 " + MOST + " 个" : "") + "。";
  }

  /* 名称的开头、名称里、读音；越小越前，没有找到是 -1。 */
  function ranked(one, text) {
    var at = one.plain.indexOf(text);
    if (at >= 0) return at ? 1 : 0;
    if (!/^[a-z0-9]+$/.test(text)) return -1;
    for (var start = 0; start < one.syllables.length; start++) {
      if (spelt(one.syllables, start, text)) return start ? 3 : 2;
    }
    return -1;
  }

  /* 从一个字起，每个字写全拼或第一个字母，最后一个字可以只写开头几个字母。 */
  function spelt(syllables, at, text) {
    if (!text) return true;
    if (at >= syllables.length) return false;
    return syllables[at].some(function (reading) {
      if (reading.indexOf(text) === 0) return true;
      if (text.indexOf(reading) === 0 && spelt(syllables, at + 1, text.slice(reading.length))) return true;
      return text[0] === reading[0] && spelt(syllables, at + 1, text.slice(1));
    });
  }

  function item(one) {
    var line = document.createElement("li"), link = document.createElement("a"), kind = document.createElement("span");
    link.href = form.getAttribute("data-home") + one.page.split("/").map(encodeURIComponent).join("/") + asLarge();
    link.textContent = one.name;
    kind.className = "quiet";
    kind.textContent = " " + KINDS[one.kind] + (one.note ? "，" + one.note : "");
    line.appendChild(link);
    line.appendChild(kind);
    return line;
  }

  /* 大字写在网址里的，跟着走（site.js）。 */
  function asLarge() {
    var asked = /[?&](text=(?:large|normal))(?:&|$)/.exec(location.search);
    return asked ? "?" + asked[1] : "";
  }

  function move(event) {
    var steps = { ArrowDown: 1, ArrowUp: -1 }, step = steps[event.key];
    if (event.key === "Escape") { input.focus(); return; }
    if (!step) return;
    var links = Array.prototype.slice.call(list.querySelectorAll("a"));
    var at = links.indexOf(document.activeElement) + step;
    event.preventDefault();
    (at < 0 ? input : links[Math.min(at, links.length - 1)] || input).focus();
  }
})();
