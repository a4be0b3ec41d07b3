// Lines by page/texts.js, without a page: {language, tables, lines} comes in as JSON, {said, idle}
// goes out. `idle`: those of `keys` without which every line would be said the same.

import { readFileSync } from "node:fs";

const { language, table, keys, lines } = JSON.parse(readFileSync(0, "utf8"));
const source = readFileSync(new URL("../../../tools/ionwand/virtual/page/texts.js", import.meta.url), "utf8");

function said(words) {
  const nothing = { querySelectorAll: () => [], add() {}, addEventListener() {} };
  globalThis.document = {
    documentElement: {}, title: "", body: nothing,
    getElementById: (id) => (id === "language" ? nothing : { textContent: JSON.stringify({ [language]: words }) }),
  };
  globalThis.window = {};
  globalThis.navigator ??= { languages: [] };
  globalThis.Option = class {};
  globalThis.localStorage = { getItem: () => language };
  const Texts = new Function(`${source}\nreturn Texts;`)();
  return lines.map((line) => Texts.said(line));
}

const whole = said(table);
const idle = keys.filter((key) => {
  const { [key]: _, ...rest } = table;
  return said(rest).every((line, i) => line === whole[i]);
});
console.log(JSON.stringify({ said: whole, idle }));
