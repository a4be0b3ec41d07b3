// The wand's own thread: MicroPython, the firmware and the simulated board, and the clock.
//
// It gets orders as messages {do: ...} and answers with {is: ...}. All that is decided is decided
// in Python (guest/wand_on_page.py and what it imports); here is time alone.

const TICK_MS = 5;
const SLICE_TICKS = [20, 100]; // least and most; between two of them garbage is collected
const BUDGET_MS = 15; // of wall time, then orders are looked at; a slice aims at as much
const FRAME_MS = 30;
const BEHIND_MS = 1000; // of wall time is made up for; a simulation that lags more has a slower clock
const HEAP = 2 * 1024 * 1024; // small enough for the cache; it grows by itself

// The guard in machine code, compiled from firmware/guard.py by tools/ionwand/virtual/viper.py, as viper
// does on the chip. It takes addresses; arrays don't move.
const VIPER = `
import sys
sys.path.insert(0, "/wand")
from uctypes import addressof
from firmware import guard
from hal.sim import passes
from machine_code import guard_pass as _run, row as _run_row
_arrays = [None] * 3
_places = [0] * 3
def _place(samples, request, snapshot):
    _arrays[:] = samples, request, snapshot
    _places[:] = addressof(samples), addressof(request), addressof(snapshot)
def _guard_pass(samples, request, snapshot):
    if snapshot is not _arrays[2] or request is not _arrays[1] or samples is not _arrays[0]:
        _place(samples, request, snapshot)
    return _run(_places[0], _places[1], _places[2])
def _row(guard_pass, samples, request, snapshot, dt_us, count, expected):
    if snapshot is not _arrays[2] or request is not _arrays[1] or samples is not _arrays[0]:
        _place(samples, request, snapshot)
    return _run_row(_places[0], _places[1], _places[2], dt_us, count, expected)
guard.guard_pass = _guard_pass
passes.row = _row
`;

const BOOT = `
import json, wand_on_page, scriptfile, sessions
_w = None
_rows = []
def start(text, trace, keep):
    global _w
    _rows.clear()
    files = {}
    if keep and _w:
        files = {name: data for name, data in _w.world.files.items()
                 if name.startswith(("journal", "patched"))}
    _w = wand_on_page.Wand(json.loads(text), _rows.append if trace else None, files)
    return json.dumps([_w.catalogue(), _w.job])
def live(product, skin, new):
    return json.dumps(wand_on_page.live(product, skin, new))
def advance(ticks):
    return _w.advance(ticks)
def frame():
    return json.dumps(_w.frame())
def act(kind, value):
    _w.act(kind, json.loads(value))
def press():
    _w.press()
def release():
    if _w is not None:  # a key that is let go before the wand is there
        _w.release()
def script():
    return json.dumps([scriptfile.write(_w.script()), _w.script()])
def read(text):
    return json.dumps(scriptfile.read(text))
def rows():
    text = "\\n".join(_rows)
    _rows.clear()
    return text
def summary():
    return json.dumps(_w.watch.summary())
def journal():
    return json.dumps(sessions.table(_w.app.logbook.ring))
def journal_csv():
    return sessions.csv(_w.app.logbook.ring)
def facts():
    from hal.sim.faults import NAMES
    return json.dumps([NAMES, wand_on_page.GUARD_ROWS, wand_on_page.SKINS])
`;

let py = null;
let running = false;
let speed = 1;
let held = false;
let slice = SLICE_TICKS[0];
let debt = 0; // simulated ms that are due
let last = 0;
let framed = 0;
let measured = { wall: 0, t: 0, speed: 0 };
let time = 0;

const send = (is, value, extra = {}) => postMessage({ is, value, ...extra });
const channel = new MessageChannel();
channel.port1.onmessage = () => loop();
let waiting = false;

function again(ms) {
  if (waiting) return;
  waiting = true;
  if (ms > 0) setTimeout(loop, ms);
  else channel.port2.postMessage(0);
}

function loop() {
  waiting = false;
  if (!running) return;
  const now = performance.now();
  const rate = held ? Math.min(speed, 1) : speed; // a press is meant in the person's time
  debt = Math.min(debt + (now - last) * rate, BEHIND_MS * rate);
  last = now;
  try {
    let going = true;
    while (going && debt >= TICK_MS && performance.now() - now < BUDGET_MS) {
      const ticks = Math.min(slice, Math.floor(debt / TICK_MS));
      const began = performance.now();
      going = py.advance(ticks);
      debt -= ticks * TICK_MS;
      if (ticks === slice) {
        const fit = (slice * BUDGET_MS) / (performance.now() - began + 0.1);
        slice = Math.round(Math.max(SLICE_TICKS[0], Math.min(SLICE_TICKS[1], fit)));
      }
    }
    if (!going) running = false;
    if (performance.now() - framed >= FRAME_MS || !going) frame();
  } catch (error) {
    running = false;
    send("broken", String(error.message ?? error));
    return;
  }
  if (running) again(debt >= TICK_MS ? 0 : 4);
}

function frame() {
  framed = performance.now();
  const value = JSON.parse(py.frame());
  time = value.t;
  if (framed - measured.wall >= 1000) {
    measured = {
      wall: framed, t: time, speed: ((time - measured.t) * 1000) / (framed - measured.wall),
    };
  }
  send("frame", value, { speed: measured.speed, running });
}

function go() {
  if (running) return;
  running = true;
  last = performance.now();
  debt = 0;
  measured = { wall: last, t: time, speed: 0 };
  again(0);
}

// The whole session without pauses: its trace and how it ended.
async function run(job) {
  py.start(JSON.stringify(job), true, false);
  const parts = [];
  let shown = 0;
  for (let going = true; going;) {
    going = py.advance(100);
    parts.push(py.rows());
    if (performance.now() - shown > 100) {
      shown = performance.now();
      send("progress", JSON.parse(py.frame()).t / job.duration_s);
    }
  }
  const trace = parts.filter((part) => part).join("\n") + "\n";
  send("trace", { trace, summary: JSON.parse(py.summary()) });
}

const orders = {
  async load({ files, guard, wasm, mjs }) {
    let memory = null;
    NLR.install((exported) => { memory = exported.memory; });
    const blob = (data, type) => URL.createObjectURL(new Blob([data], { type }));
    const { loadMicroPython } = await import(blob(mjs, "text/javascript"));
    const mp = await loadMicroPython({
      heapsize: HEAP,
      url: blob(wasm, "application/wasm"),
      stdout: (line) => console.log(line),
      stderr: (line) => console.log(line),
    });
    for (const [path, source] of Object.entries(files)) {
      let folder = "";
      for (const name of path.split("/").slice(1, -1)) {
        folder += "/" + name;
        if (!mp.FS.analyzePath(folder).exists) mp.FS.mkdir(folder);
      }
      mp.FS.writeFile(path, source);
    }
    const compiled = await WebAssembly.compile(Uint8Array.from(atob(guard), (char) => char.charCodeAt(0)));
    const { guard_pass, row } = new WebAssembly.Instance(compiled, { env: { memory } }).exports;
    mp.registerJsModule("machine_code", { guard_pass, row });
    mp.runPython(VIPER);
    mp.runPython(BOOT);
    const names = BOOT.match(/^def (\w+)/gm).map((line) => line.slice(4));
    py = Object.fromEntries(names.map((name) => [name, mp.globals.get(name)]));
    send("ready", JSON.parse(py.facts()));
  },
  start({ job, product, skin, used = true, keep = false }) {
    running = false;
    held = false;
    time = 0;
    const text = job ? JSON.stringify(job) : py.live(product ?? null, skin, !used);
    const [catalogue, made] = JSON.parse(py.start(text, false, keep));
    send("started", { catalogue, job: made });
    frame();
    go();
  },
  speed: (order) => { speed = order.value; },
  pause: () => { running = false; frame(); },
  go: () => go(),
  press: () => { held = true; py.press(); },
  release: () => { held = false; py.release(); },
  act: ({ kind, value }) => py.act(kind, JSON.stringify(value)),
  script: ({ why }) => {
    const [text, job] = JSON.parse(py.script());
    send("script", { text, job, why });
  },
  read({ text }) {
    try {
      send("read", { job: JSON.parse(py.read(text)) });
    } catch (error) {
      send("read", { error: String(error.message).trim().split("\n").pop().replace(/^\w+: /, "") });
    }
  },
  run: ({ job }) => run(job),
  journal: () => send("journal", JSON.parse(py.journal())),
  csv: () => send("csv", py.journal_csv()),
};

onmessage = async ({ data }) => {
  try {
    await orders[data.do](data);
  } catch (error) {
    send("broken", String(error.message ?? error));
  }
};
