// The wand's thread (worker.js) as the page knows it: its last frame, and orders to it.

const Wand = (() => {
  const get = (id) => document.getElementById(id);
  const source = JSON.parse(get("wand-sources").textContent);
  const bytes = (id) => Uint8Array.from(atob(get(id).textContent.trim()), (char) => char.charCodeAt(0));
  const blob = (data, type) => URL.createObjectURL(new Blob([data], { type }));
  const workerUrl = blob(get("wand-worker").textContent, "text/javascript");
  const mjs = new TextDecoder().decode(bytes("wand-mjs"));
  const wasm = bytes("wand-wasm").buffer;
  let worker = null;

  const now = { // what its messages said last
    frame: null,
    pace: { speed: 0, running: false },
    catalogue: [],
    job: null,
    guardRows: [],
  };

  function thread(answer) {
    const made = new Worker(workerUrl);
    made.onmessage = ({ data }) => answer(data);
    made.onerror = (event) => broken(event.message);
    made.postMessage({ do: "load", files: source.files, guard: source.guard, wasm, mjs });
    return made;
  }

  function broken(text) {
    get("broken").hidden = false;
    get("broken").textContent = `${Texts.t("The simulation broke off. New wand starts again.")}\n${text}`;
    console.error(text);
  }

  function begin(answer) { worker = thread(answer); }
  const order = (what, more = {}) => worker.postMessage({ do: what, ...more });
  const act = (kind, value) => order("act", { kind, value });

  return {
    now, thread, broken, begin, order, act, blob, mjs, wasm,
    files: source.files, words: source.words, note: source.note,
  };
})();
