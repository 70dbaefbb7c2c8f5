// The book's search and ticks. Nothing is fetched: the index is a script beside this one, ticks stay in the browser.
(function () {
  "use strict";
  var root = document.body.dataset.root;
  var page = document.body.dataset.page;
  var MOST = 40;

  // Ticks. A browser may refuse to keep anything; then they last as long as the page.
  function kept(key) {
    try { return localStorage.getItem(key) === "1"; } catch (refused) { return false; }
  }
  function keep(key, ticked) {
    try {
      if (ticked) { localStorage.setItem(key, "1"); } else { localStorage.removeItem(key); }
    } catch (refused) { /* see above */ }
  }
  var boxes = Array.from(document.querySelectorAll("input[data-step]"));
  function keyOf(box) { return "pitfall-book:" + page + ":" + box.dataset.step; }
  function tell() {
    var done = boxes.filter(function (box) { return box.checked; }).length;
    document.querySelectorAll(".ticks").forEach(function (line) { line.hidden = done === 0; });
    var text = document.getElementById("done");
    if (text) { text.textContent = done + " of " + boxes.length + " done"; }
  }
  boxes.forEach(function (box) {
    box.checked = kept(keyOf(box));
    box.addEventListener("change", function () { keep(keyOf(box), box.checked); tell(); });
  });
  var clear = document.getElementById("clear");
  if (clear) {
    clear.addEventListener("click", function () {
      boxes.forEach(function (box) { box.checked = false; keep(keyOf(box), false); });
      tell();
    });
  }
  if (boxes.length) { tell(); }

  // Search.
  var input = document.getElementById("words");
  var hits = document.getElementById("hits");
  var count = document.getElementById("count");
  var rows = null;
  document.getElementById("search").hidden = false;

  function ready(then) {
    if (rows) { then(); return; }
    if (!window.PITFALL_INDEX) {
      var script = document.createElement("script");
      script.src = root + "search-index.js";
      script.addEventListener("load", function () { ready(then); });
      document.head.appendChild(script);
      return;
    }
    rows = window.PITFALL_INDEX.map(function (row) {
      var title = row[2].toLowerCase();
      return {
        file: row[0], kind: row[1], title: row[2], label: row[3], lower: title,
        titled: title.split(/[^\p{L}\p{N}_.\-]+/u), words: row[4].split(" "), all: row[4], symptom: row[5]
      };
    });
    then();
  }

  // 0xFFFF9D2C, 4294941996 and -25300 are one code.
  function normal(word) {
    var number = /^(0x[0-9a-f]{1,8}|\d{10})$/.test(word) ? Number(word) : NaN;
    if (number > 0x7fffffff && number <= 0xffffffff) { return String(number - 0x100000000); }
    return word.indexOf("0x") === 0 && !isNaN(number) ? String(number) : word;
  }
  function wordsOf(text) {
    return text.toLowerCase().replace(/[\u2212\u2013]/g, "-").split(/[\s,;"'()]+/).map(function (word) {
      return normal(word.replace(/[.:!?]+$/, ""));
    }).filter(Boolean);
  }
  function starts(list, word) {
    return list.some(function (one) { return one.indexOf(word) === 0; });
  }
  function weight(row, word) {
    if (row.titled.indexOf(word) >= 0) { return 44; }
    if (row.words.indexOf(word) >= 0) { return 40; }
    if (word.length < 2) { return 0; }
    if (starts(row.titled, word)) { return 16; }
    if (starts(row.words, word)) { return 12; }
    if (row.lower.indexOf(word) >= 0) { return 8; }
    if (row.all.indexOf(word) >= 0) { return 6; }
    return row.symptom.indexOf(word) >= 0 ? 4 : 0;
  }
  function find(words) {
    var found = [];
    rows.forEach(function (row, at) {
      var sum = row.kind === "code" ? 0 : row.kind === "noise" ? 1 : 3;
      var missed = 0;
      words.forEach(function (word) {
        var one = weight(row, word);
        if (one === 0) { missed += 1; }
        sum += one;
      });
      if (missed < words.length) { found.push({ row: row, at: at, sum: sum, missed: missed }); }
    });
    // Where something has every word, what has only some is left out.
    var whole = found.filter(function (one) { return one.missed === 0; });
    return (whole.length ? whole : found).sort(function (a, b) { return a.missed - b.missed || b.sum - a.sum || a.at - b.at; });
  }
  function show() {
    var words = wordsOf(input.value);
    hits.textContent = "";
    count.textContent = "";
    if (!words.length) { return; }
    var found = find(words);
    count.textContent = found.length === 0 ? "Nothing found." : found.length > MOST ? "The first " + MOST + " of " + found.length : found.length + " found";
    found.slice(0, MOST).forEach(function (one) {
      var item = document.createElement("li");
      var link = document.createElement("a");
      var label = document.createElement("span");
      link.href = root + one.row.file;
      link.textContent = one.row.title;
      label.textContent = one.row.kind + " · " + one.row.label;
      item.append(link, label);
      hits.append(item);
    });
  }
  input.addEventListener("focus", function () { ready(function () {}); });
  input.addEventListener("input", function () { ready(show); });
  input.addEventListener("keydown", function (event) {
    var first = hits.querySelector("a");
    if (event.key === "Enter" && first) { first.click(); }
    if (event.key === "Escape") { input.value = ""; show(); }
  });
  document.addEventListener("keydown", function (event) {
    var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      input.focus();
    }
  });
  // A search that the browser filled in again.
  if (input.value) { ready(show); }
})();
