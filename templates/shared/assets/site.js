/* 大字。没有脚本时，右上角的开关只管这一页（site.css）；这里让它在各页之间记住：
   先看网址里的 ?text=large，再看浏览器存的；存不了的（有的浏览器打开 U 盘里的文件时），就把它写进这一页的链接。 */
(function () {
  "use strict";
  var KEY = "text", LARGE = "large", NORMAL = "normal";
  var asked = new RegExp("[?&]" + KEY + "=(" + LARGE + "|" + NORMAL + ")(&|$)").exec(location.search);
  var text = asked ? asked[1] : stored() || NORMAL;
  show();

  document.addEventListener("DOMContentLoaded", function () {
    var box = document.getElementById("large-text");
    if (!box) return;
    box.checked = text === LARGE;
    box.addEventListener("change", function () {
      text = box.checked ? LARGE : NORMAL;
      show();
      if (!store() || asked) inLinks();
    });
    if (!store()) inLinks();
  });

  /* 用“后退”回来的页，是离开时的样子：再看一次。 */
  window.addEventListener("pageshow", function (event) {
    var box = document.getElementById("large-text");
    if (!event.persisted || !box) return;
    text = stored() || text;
    box.checked = text === LARGE;
    show();
  });

  function show() {
    document.documentElement.setAttribute("data-text", text);
  }

  function stored() {
    try { return localStorage.getItem(KEY); } catch (error) { return null; }
  }

  function store() {
    try { localStorage.setItem(KEY, text); return localStorage.getItem(KEY) === text; } catch (error) { return false; }
  }

  /* 这个网站自己的网页，链接里带上字的大小。 */
  function inLinks() {
    var links = document.querySelectorAll("a[href]");
    for (var i = 0; i < links.length; i++) {
      var href = links[i].getAttribute("href");
      if (/^([a-z][a-z0-9+.-]*:|\/\/|#)/i.test(href) || !/\.html([?#]|$)/.test(href)) continue;
      var at = href.indexOf("#");
      var hash = at < 0 ? "" : href.slice(at);
      var path = (at < 0 ? href : href.slice(0, at)).replace(/\?.*$/, "");
      links[i].setAttribute("href", path + "?" + KEY + "=" + text + hash);
    }
  }
})();
