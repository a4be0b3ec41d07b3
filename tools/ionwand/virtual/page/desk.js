// MicroPython on the page's own thread, for wands at the end of a cable: what to run next is
// decided in Python (guest/desk.py and the host's modules), the cable is console.js.

const Desk = (() => {
  const HEAP = 4 * 1024 * 1024;
  let loading = null;
  let python = null;

  const carried = JSON.parse(document.getElementById("wand-carried").textContent);

  async function load() {
    const { loadMicroPython } = await import(Wand.blob(Wand.mjs, "text/javascript"));
    const mp = await loadMicroPython({
      heapsize: HEAP, url: Wand.blob(Wand.wasm, "application/wasm"),
      stdout: (line) => console.log(line), stderr: (line) => console.log(line),
    });
    const files = Object.entries(carried.files).map(([name, text]) => [`/desk/${name}`, text]);
    for (const [path, text] of Object.entries(Wand.files)) {
      if (/^\/wand\/(firmware\/|(desk|literal|parcel)\.py)/.test(path)) files.push([path.replace("/wand", "/desk"), text]);
    }
    for (const [path, text] of files) {
      let folder = "";
      for (const name of path.split("/").slice(1, -1)) {
        folder += "/" + name;
        if (!mp.FS.analyzePath(folder).exists) mp.FS.mkdir(folder);
      }
      mp.FS.writeFile(path, text);
    }
    const { files: _, ...rest } = carried;
    mp.FS.writeFile("/desk/carried.json", JSON.stringify(rest));
    mp.runPython(`
import sys
sys.path.insert(0, "/desk")
import json
from desk import Desk, PRECAUTIONS
with open("/desk/carried.json") as _file:
    _desk = Desk(json.load(_file))
begin, ran, broke, everything = _desk.begin, _desk.ran, _desk.broke, _desk.everything
precautions = json.dumps(PRECAUTIONS)
`);
    const name = (one) => mp.globals.get(one);
    python = { begin: name("begin"), ran: name("ran"), broke: name("broke"), everything: name("everything") };
    return JSON.parse(name("precautions"));
  }

  // Once; resolves to the precautions that come before products are sent.
  const ready = () => (loading ??= load());

  // Runs a procedure of guest/desk.py. `line` may be null for those that ask no wand anything.
  // Resolves to {value, said}; rejects with one line.
  async function follow(line, name, more = {}, onProgress = () => {}) {
    await ready();
    const said = [];
    let step = JSON.parse(python.begin(name, asJson(more)));
    for (;;) {
      said.push(...step.said.splice(0).slice(said.length));
      if ("failed" in step) throw Object.assign(new Error(step.failed), { name: "Refused" });
      if ("done" in step) return { value: step.done, said: said.filter((one) => one) };
      onProgress(step.progress);
      let text;
      try {
        text = await line.run(step.run);
      } catch (error) {
        if (error.name !== "Said") throw error;
        step = JSON.parse(python.broke(error.message));
        continue;
      }
      step = JSON.parse(python.ran(text));
    }
  }

  // Whole numbers of TOML come as BigInt, all others keep their point: the checks tell them apart.
  class Float {
    constructor(number) { this.number = number; }
  }
  function asJson(value) {
    if (typeof value === "bigint") return String(value);
    if (value instanceof Float) {
      if (!Number.isFinite(value.number)) return JSON.stringify(String(value.number));
      return Number.isInteger(value.number) ? `${value.number}.0` : String(value.number);
    }
    if (value instanceof Date) return JSON.stringify(value.toISOString());
    if (Array.isArray(value)) return `[${value.map(asJson).join(",")}]`;
    if (value && typeof value === "object") {
      return `{${Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}:${asJson(one)}`).join(",")}}`;
    }
    return JSON.stringify(value ?? null);
  }

  // A catalogue's text as a table for `check` and `push`; throws one line where it is no TOML.
  function toml(text) {
    const floats = (value) => {
      if (typeof value === "number") return new Float(value);
      if (Array.isArray(value)) return value.map(floats);
      if (value && typeof value === "object" && !(value instanceof Date)) {
        return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, floats(one)]));
      }
      return value;
    };
    try {
      return floats(SmolToml.parse(text, { integersAsBigInt: true }));
    } catch (error) {
      throw Object.assign(new Error(String(error.message).split("\n")[0]), { name: "Refused" });
    }
  }

  return { ready, follow, toml, carried, everything: () => JSON.parse(python.everything()) };
})();
