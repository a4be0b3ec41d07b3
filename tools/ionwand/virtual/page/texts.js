// The page in the person's language. A key is the English text, as in treatments/texts.py; what has
// no entry stays as it is: names, notes, and what a wand or a file says in its own words.

const Texts = (() => {
  const LANGUAGES = { en: "English", de: "Deutsch", fr: "Français" };
  const NAMED = ["aria-label", "title"];
  const tables = { en: {}, ...JSON.parse(document.getElementById("wand-texts").textContent) };
  const fixed = []; // [write, English]: texts of the page's own HTML
  const given = new Map(); // node: [English, values]
  const changed = []; // what is drawn anew in another language
  const missing = new Set();
  let patterns = null; // of the keys with places in them, for what comes from elsewhere
  let language = "en";

  const worded = (text) => /\p{L}{2}/u.test(text) && !/^(mA·min|µA|kΩ)$/.test(text);
  const fill = (text, values) => text.replace(/\{(\d)\}/g, (_, at) => values[at]);

  // English into the page's language; {0} and {1} stand for `values`.
  function t(text, ...values) {
    const found = tables[language][text];
    if (found === undefined && language !== "en" && worded(text)) missing.add(text);
    return fill(found ?? text, values);
  }

  // What somebody else has put together, the wand's side or the host's: whole, or by its places.
  // The longest key first: what surrounds a text says more than what is within.
  function said(text) {
    if (language === "en" || !text) return text;
    if (tables[language][text] !== undefined) return tables[language][text];
    const literal = (key) => -key.replace(/\{\d\}/g, "").length;
    patterns ??= Object.keys(tables[language]).filter((key) => key.includes("{0}")).sort((a, b) => literal(a) - literal(b)).map((key) => [
      key, new RegExp(`^${key.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{\d\}/g, "(.+?)")}$`, "s"),
      [...key.matchAll(/\{(\d)\}/g)].map(([, at]) => Number(at)),
    ]);
    for (const [key, pattern, order] of patterns) {
      const match = pattern.exec(text);
      if (!match) continue;
      const values = [];
      order.forEach((at, i) => { values[at] = said(match[i + 1]); });
      return fill(tables[language][key], values);
    }
    return text;
  }

  const figure = (text) => (language === "en" ? text : text.replace(/(\d)\.(?=\d)/g, "$1,"));

  const grouped = (text) => (language === "en" ? text : text.replace(/(\d),(?=\d{3}\b)/g, "$1\u202f")); // 113,240

  function keep(write, text) {
    if (!worded(text)) return;
    fixed.push([write, text]);
    if (language !== "en") write(t(text));
  }

  // The texts below a node of the page's own HTML, and its names; data-whole: with what is in it.
  function apply(root) {
    for (const node of root.querySelectorAll("*")) {
      if (node.closest("script, style, textarea, [translate=no]")) continue;
      for (const name of NAMED) {
        if (node.hasAttribute(name)) keep((text) => node.setAttribute(name, text), node.getAttribute(name));
      }
      if (node.hasAttribute("data-whole")) {
        keep((text) => { node.innerHTML = text; }, node.innerHTML.trim().replace(/\s+/g, " "));
      } else if (!node.closest("[data-whole]")) {
        for (const part of node.childNodes) {
          if (part.nodeType !== Node.TEXT_NODE) continue;
          const [, before, text, after] = /^(\s*)(.*?)(\s*)$/s.exec(part.data);
          keep((other) => { part.data = before + other + after; }, text.replace(/\s+/g, " "));
        }
      }
    }
  }

  // A text that stays until the next one is put there.
  function put(node, text, ...values) {
    given.set(node, [text, values]);
    node.textContent = text ? t(text, ...values) : "";
  }

  function set(to) {
    language = tables[to] ? to : "en";
    patterns = null;
    document.documentElement.lang = language;
    for (const [write, text] of fixed) write(t(text));
    for (const [node, [text, values]] of given) node.textContent = text ? t(text, ...values) : "";
    for (const draw of changed) draw();
  }

  function chosen() {
    let kept = null;
    try { kept = localStorage.getItem("wand-language"); } catch { /* a page from disk may keep nothing */ }
    const wanted = [kept, ...navigator.languages].map((one) => one?.slice(0, 2).toLowerCase());
    return wanted.find((one) => one in LANGUAGES) ?? "en";
  }

  const box = document.getElementById("language");
  for (const [id, name] of Object.entries(LANGUAGES)) box.add(Object.assign(new Option(name, id), { lang: id }));
  box.addEventListener("change", () => {
    try { localStorage.setItem("wand-language", box.value); } catch { /* likewise */ }
    set(box.value);
  });
  apply(document.body);
  keep((text) => { document.title = text; }, document.title);
  box.value = chosen();
  set(box.value);

  window.texts = { missing };
  return {
    t, said, figure, grouped, apply, put,
    table: () => tables[language], language: () => language, change: (draw) => changed.push(draw),
  };
})();
