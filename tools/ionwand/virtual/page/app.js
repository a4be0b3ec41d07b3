// The page around the wand's thread (worker.js): shows its frames, sends it what a person does.
// What the wand does is decided in firmware/; here are words, switches and layout.

(() => {
  const get = (id) => document.getElementById(id);
  const STATES = {
    loading: ["Starting", "MicroPython is being loaded."],
    selftest: ["Self-test", "The wand proves that it can switch its output off."],
    ready: ["Ready", "Hold the button for 1.5 s to arm. A short press chooses the next product."],
    asleep: ["Asleep", "Press the button to wake it."],
    proving: ["Proving the cut-off", "Tested before every session, without skin."],
    contact: ["Looking for skin", "Put the roller on the skin. A tiny current feels for it."],
    ramping: ["Ramping up", "The current rises slowly from zero. Any press stops it."],
    treating: ["Treating", "Keep the roller on the skin. Any press stops it."],
    lifted: ["Paused", "Lifted: no current, no time, no dose counts. Touch again to go on."],
    stopping: ["Ramping down", "The current falls to zero."],
    done: ["Done", ""],
    refused: ["Refused", ""],
    fault: ["Fault", ""],
  };
  const ENDS = {
    complete: "The dose is delivered. Lift the wand.",
    stopped: "Stopped by the button.",
    timeout: "Ended by the hard time-out.",
    no_contact: "No skin was found for 60 s.",
    battery_low: "The battery is too low. Charge it.",
    vbus: "The charger is plugged in: no treatment while a person could be tied to the mains.",
    product: "This product cannot be used.",
    too_conductive: "The skin conducts too well: its barrier may be broken.",
  };
  const MARKS = { // shapes, not colours alone, tell states apart
    loading: "M12 3v4M12 17v4M3 12h4M17 12h4", selftest: "M12 3v4M12 17v4M3 12h4M17 12h4M6 6l2 2M16 16l2 2",
    ready: "M12 3a9 9 0 100 18 9 9 0 100-18", asleep: "M8 7h8l-8 10h8", proving: "M12 3l8 3v6c0 5-4 8-8 9-4-1-8-4-8-9V6zM9 12l2 2 4-4",
    contact: "M12 4v10M8 10l4 4 4-4M4 20h16", ramping: "M4 19h4l8-13h4", treating: "M4 7h16M4 12h16M4 17h16",
    lifted: "M8 5v14M16 5v14", stopping: "M4 6h4l8 13h4", done: "M4 13l5 5L20 6", refused: "M12 3a9 9 0 100 18 9 9 0 100-18M6 6l12 12",
    fault: "M12 3L2 20h20zM12 10v5M12 17.5v.5",
  };
  const FAULTS = {
    rset_short: "R_SET shorted: nothing sets the current", rset_open: "R_SET open",
    m1_short: "Regulating MOSFET shorted", m2_short: "Gate MOSFET M2 shorted",
    k1_stuck_on: "Gate relay K1 stuck on", rb_short: "Second current sense R_B shorted",
    divider_open: "DAC's divider open: full setpoint", dac_full_scale: "DAC stuck at full scale",
    diode_short: "Current-limiting diode shorted", comparator_dead: "Comparator dead",
    bridge_stuck_closed: "A polarity relay stuck closed", bridge_stuck_open: "A polarity relay stuck open",
    adc_stuck: "Fast converter repeats its last sample", i2c_hang: "I²C bus held low",
    mcu_hang: "Processor hangs", monostable_stuck: "Monostable stuck on",
  };
  const SKINS = { hydrated: "Hydrated", dry: "Dry", very_dry: "Very dry", peeled: "Peeled" };
  const SPEEDS = [1, 2, 5, 10, 20];
  const SCENE_MS = 30; // the drawn wand
  const DRAW_MS = 120; // charts and numbers: nobody reads faster

  const source = JSON.parse(get("wand-sources").textContent);
  const bytes = (id) => Uint8Array.from(atob(get(id).textContent.trim()), (char) => char.charCodeAt(0));
  const workerUrl = URL.createObjectURL(new Blob([get("wand-worker").textContent], { type: "text/javascript" }));
  const mjs = new TextDecoder().decode(bytes("wand-mjs"));
  const wasm = bytes("wand-wasm").buffer;

  let worker = null;
  let frame = null;
  let pace = { speed: 0, running: false };
  let catalogue = [];
  let job = null;
  let guardRows = [];
  let skin = "hydrated";
  let speed = 1;
  let state = "";
  let wantsRecord = true; // the field shows what was recorded until somebody edits it
  let recordedEvents = -1;
  let sessions = -1; // in the journal, as shown
  const faultBoxes = {};
  const shown = new Map();

  function show(id, text) { // the page is touched only where something changes
    if (shown.get(id) === text) return;
    shown.set(id, text);
    get(id).textContent = text;
  }
  const say = (text) => { get("live").textContent = text; };
  const order = (what, more = {}) => worker.postMessage({ do: what, ...more });
  const act = (kind, value) => order("act", { kind, value });
  const name = (text) => text.replaceAll("_", " ");
  const sentence = (text) => (text ? `${text[0].toUpperCase()}${text.slice(1)}. ` : "");
  const time = (seconds, digits = 1) => `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${(seconds % 60).toFixed(digits).padStart(digits ? 3 + digits : 2, "0")}`;

  function begin(answer) {
    const thread = new Worker(workerUrl);
    thread.onmessage = ({ data }) => answer(data);
    thread.onerror = (event) => broken(event.message);
    thread.postMessage({ do: "load", files: source.files, guard: source.guard, wasm, mjs });
    return thread;
  }

  function broken(text) {
    get("broken").hidden = false;
    get("broken").textContent = `The simulation broke off. New wand starts again.\n${text}`;
    console.error(text);
  }

  const answers = {
    ready: ([faults, rows, skins]) => {
      guardRows = rows;
      buildFaults(faults);
      buildSkins(skins);
      get("guard").tBodies[0].innerHTML = rows.map(([label], i) => `<tr><td>${label}</td><td id="guard-${i}"></td></tr>`).join("");
      fresh();
    },
    started: (value) => {
      catalogue = value.catalogue;
      job = value.job;
      get("product").innerHTML = catalogue.map((entry) => {
        const ion = Math.abs(entry.charge) < 5 ? "neutral" : entry.sign < 0 ? "anion −" : "cation +";
        return `<option value="${entry.id}">${entry.name} · ${ion} · ${entry.ua} µA</option>`;
      }).join("");
      skin = job.skin ?? skin;
      checkSkin();
      Charts.clear();
      get("log").textContent = "";
      get("broken").hidden = true;
      get("script-error").textContent = "";
      get("alarm").textContent = "";
      recordedEvents = -1;
      sessions = -1;
      state = "";
    },
    frame: (value, message) => {
      frame = value;
      pace = message;
      Charts.add(value.samples);
      for (const entry of value.log) log(entry);
    },
    script: ({ text, job: made, why }) => {
      if (why === "trace") return trace(made);
      get("script").value = text;
      if (why === "save") saveScript();
      else if (why === "replay") replay();
    },
    read: ({ job: read, error }) => {
      get("script-error").textContent = error ?? "";
      if (!read) return;
      get("new").checked = Boolean(read.new);
      order("start", { job: read });
    },
    journal: (value) => journal(value),
    csv: (value) => download(value, "wand-journal.csv", "text/csv"),
    broken,
  };

  function log([seconds, to, why]) {
    const item = document.createElement("li");
    const label = STATES[to]?.[0] ?? to;
    item.className = to;
    item.innerHTML = `<time>${time(seconds, 2)}</time><b></b><span class="why"></span>`;
    item.querySelector("b").textContent = label;
    item.querySelector(".why").textContent = why ? (to === "fault" ? name(why) : ENDS[why] ?? name(why)) : "";
    get("log").prepend(item);
    if (to === "fault") get("alarm").textContent = `Fault: ${name(why)}. ${sentence(source.words[why])}The output is off.`;
    else get("alarm").textContent = ""; // the same fault again is said again
    if (to !== "fault") say(`${label}. ${why ? ENDS[why] ?? name(why) : STATES[to]?.[1] ?? ""}`);
  }

  // --- what is shown, once an animation frame ---
  function explain(value) {
    const [title, hint] = STATES[value.state];
    if (value.over) {
      const met = job.expect_end === (value.state === "fault" ? value.first : value.end);
      return [title, `The script is over${met ? ", and ended as it expects" : ""}. New wand, or Replay.`];
    }
    if (value.state === "fault") {
      const help = value.permanent ? "Permanent: it wants a technician. New wand starts afresh." : "Mend the cause, then hold the button for 3 s.";
      return [`Fault: ${name(value.first)}`, sentence(source.words[value.first]) + help];
    }
    if (value.state === "ready" && value.patch && value.full_uc !== catalogue[value.product].dose_uc) {
      return [title, "Its patch test comes first: hold the button for 1.5 s to arm it. A short press declines it."];
    }
    if (value.state === "done" || value.state === "refused") return [title, ENDS[value.end] ?? ""];
    return [title, hint];
  }

  function updateScene() {
    const product = catalogue[frame.product];
    Scene.update(frame, product);
    Scene.light(frame.rgb, speed > 1);
    Sound.play(speed > 1 || !pace.running ? 0 : frame.hz);
  }

  function update() {
    const value = frame;
    const product = catalogue[value.product];
    if (!product) return;
    const [title, hint] = explain(value);
    if (state !== value.state) {
      state = value.state;
      recordedEvents = -1; // how it ends is part of the script
      get("state").dataset.state = state;
      get("mark").setAttribute("d", MARKS[state]);
    }
    show("state-name", title);
    show("hint", hint);
    show("clock", time(value.t));
    const ran = pace.running ? (pace.speed ? `${pace.speed.toFixed(1)}× real` : "") : value.over ? "over" : "paused";
    show("pace", ran);
    show("pause", pace.running ? "Pause" : "Go on");
    show("n-i", value.i.toFixed(1));
    show("n-set", value.set.toFixed(1));
    show("n-z", value.z && value.set > 0 ? (value.z / 1000).toFixed(1) : "–");
    show("n-v", (value.mv / 1000).toFixed(2));
    show("n-dose", (value.dose / 60000).toFixed(3));
    show("n-full", (value.full_uc / 60000).toFixed(3));
    Charts.setTarget(value.full_uc / 60000);
    const share = Math.min(1, value.dose / value.full_uc);
    get("bar").firstElementChild.style.transform = `scaleX(${share.toFixed(4)})`;
    const percent = String(Math.round(share * 100));
    if (get("bar").getAttribute("aria-valuenow") !== percent) get("bar").setAttribute("aria-valuenow", percent);
    if (get("product").value !== product.id && document.activeElement !== get("product")) get("product").value = product.id;
    show("contact", value.contact ? "Lift" : "Put on skin");
    showLight(value.light);
    value.guard.forEach((number, i) => show(`guard-${i}`, guardText(guardRows[i], number)));
    const verdict = value.trips.length ? `Tripped: ${value.trips.map(name).join(", ")}` : value.gate ? "Current may flow." : "The output is off.";
    show("verdict", verdict + (value.latched ? " (comparator latched)" : ""));
    get("verdict").className = `note ${value.trips.length ? "tripped" : value.gate ? "permits" : ""}`;
    for (const [fault, box] of Object.entries(faultBoxes)) {
      const on = value.injected.includes(fault);
      if (box.checked !== on && box !== document.activeElement) box.checked = on;
      else if (box.checked !== on && performance.now() - (box.touched ?? 0) > 500) box.checked = on;
    }
    // A replay has a charger and a battery of its own, a new wand has none and a full one.
    const idle = (node) => performance.now() - (node.touched ?? -Infinity) > 2000;
    if (idle(get("vbus"))) get("vbus").checked = value.vbus;
    if (value.battery && idle(get("battery"))) showBattery(Math.round(value.battery / 50) * 50);
    if (value.sessions !== sessions) {
      sessions = value.sessions;
      order("journal");
    }
    if (wantsRecord && value.events !== recordedEvents) {
      recordedEvents = value.events;
      order("script", { why: "field" });
    }
  }

  function showBattery(mv) {
    if (get("battery").value !== String(mv)) get("battery").value = mv;
    show("battery-value", `${(mv / 1000).toFixed(2)} V`);
  }

  function journal(rows) {
    get("journal-csv").disabled = !rows.length;
    get("journal-note").textContent = `Sessions that this wand has kept: ${rows.length || "none yet"}.`;
    const body = document.querySelector("#journal tbody");
    body.textContent = "";
    for (const row of rows.slice(0, 8)) {
      const line = body.insertRow();
      const cells = [
        [`${row.number}`],
        [row.product, `${row.patch ? "patch test, " : ""}${(row.dose / 60000).toFixed(3)} mA·min in ${time(row.output_ms / 1000, 0)}`],
        [row.end === "fault" ? `Fault: ${name(row.why)}` : name(row.end), row.lifts ? `${row.lifts} lift${row.lifts > 1 ? "s" : ""}` : ""],
      ];
      for (const [text, more] of cells) {
        const cell = line.insertCell();
        cell.textContent = text;
        if (more) cell.append(Object.assign(document.createElement("small"), { textContent: more }));
      }
    }
  }

  function guardText([, , unit], number) {
    if (unit === "") return number > 1 ? number.toLocaleString("en") : number ? "yes" : "no";
    if (unit === "ms") return `${(number / 1000).toFixed(1)} s`;
    if (unit === "µs") return `${(number / 1000).toFixed(1)} ms`;
    return `${number.toLocaleString("en")} ${unit}`;
  }

  function showLight([key, meaning, steps, colours]) {
    const id = key + steps;
    if (shown.get("rhythm") === id) return;
    shown.set("rhythm", id);
    const cycle = steps.length ? [...steps] : [1];
    const whole = cycle.reduce((sum, ms) => sum + ms, 0);
    const turns = whole < 3900 ? Math.max(1, Math.round(4000 / whole)) : 1;
    get("rhythm").innerHTML = Array.from({ length: turns }, () => cycle.map((ms, i) => {
      const colour = i % 2 ? "transparent" : colours[ms >= 300 ? 0 : 1];
      return `<i class="${i % 2 ? "" : "on"}" style="width:${(ms / whole / turns) * 100}%;background:${colour}"></i>`;
    }).join("")).join("");
    const says = state === "fault" || state === "refused" ? `the code of “${meaning}”` : meaning;
    show("meaning", meaning ? `The light says: ${says}.` : "The light announces the product's number.");
  }

  let drawn = 0;
  let painted = null;
  let before = performance.now();
  const counted = { frames: 0, since: before, fps: 0, least: Infinity };
  function paint(now) {
    requestAnimationFrame(paint);
    counted.frames += 1;
    if (now - counted.since >= 1000) {
      counted.fps = (counted.frames * 1000) / (now - counted.since);
      counted.least = Math.min(counted.least, counted.fps);
      Object.assign(counted, { frames: 0, since: now });
    }
    if (frame) {
      if (now - before >= SCENE_MS && frame !== painted) {
        updateScene();
        painted = frame;
        if (pace.running) Scene.animate(Math.min(0.1, (now - before) / 1000) * Math.min(speed, 4));
        before = now;
      }
      if (now - drawn >= DRAW_MS || frame.state !== state) {
        drawn = now;
        update();
        Charts.draw();
      }
    }
  }

  // --- what a person does ---
  // Another product is a choice that the same wand keeps; its journal stays.
  function fresh(product) {
    const chosen = product ?? catalogue[frame?.product]?.id;
    order("start", { product: chosen, skin, used: !get("new").checked, keep: Boolean(product) });
  }
  function touch(on) {
    if (on) act("touch", skin);
    else act("lift", true);
  }
  const press = () => order("press");
  const release = () => order("release");
  function setSpeed(value) {
    speed = value;
    order("speed", { value });
    document.querySelector(`#speed input[value="${value}"]`).checked = true;
  }
  function pause() {
    order(pace.running ? "pause" : "go");
  }
  function setSound(on) {
    Sound.set(on);
    get("sound").textContent = on ? "Sound on" : "Sound off";
    get("sound").setAttribute("aria-pressed", String(on));
  }
  function checkSkin() {
    const box = document.querySelector(`#skins input[value="${skin}"]`);
    if (box) box.checked = true;
    Scene.skin(skin);
  }
  function chooseSkin(to) {
    skin = to;
    checkSkin();
    if (frame?.contact) act("touch", skin);
  }

  function buildSkins(names) {
    document.querySelector("#skins .segments").innerHTML = names.map((id) => `<label><input type="radio" name="skin" value="${id}"><span>${SKINS[id] ?? id}</span></label>`).join("");
    get("skins").addEventListener("change", (event) => chooseSkin(event.target.value));
    checkSkin();
  }
  function buildFaults(names) {
    const known = Object.keys(FAULTS).filter((id) => names.includes(id));
    for (const id of [...known, ...names.filter((other) => !known.includes(other))]) {
      const item = document.createElement("li");
      item.innerHTML = `<label class="switch"><input type="checkbox" id="fault-${id}"><span></span><code>${id}</code><small>${FAULTS[id] ?? ""}</small></label>`;
      const box = item.querySelector("input");
      box.addEventListener("change", () => {
        box.touched = performance.now();
        act(box.checked ? "fault" : "clear", id);
      });
      faultBoxes[id] = box;
      get("faults").append(item);
    }
  }

  function download(text, file, type) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = file;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  // What was recorded grows with time as well: it is read anew where it is used.
  function saveScript() {
    download(get("script").value, "wand-session.toml", "text/plain");
  }
  function replay() {
    wantsRecord = false;
    order("read", { text: get("script").value });
  }

  // The recorded session once more, in a thread of its own: simulation is exact, so is its trace.
  function trace(made) {
    get("trace").disabled = true;
    const done = (text) => {
      get("trace").disabled = false;
      get("trace-progress").textContent = text;
      thread.terminate();
    };
    const thread = begin(({ is, value }) => {
      if (is === "ready") thread.postMessage({ do: "run", job: made });
      else if (is === "progress") get("trace-progress").textContent = `${Math.round(value * 100)} %`;
      else if (is === "trace") {
        download(value.trace, "wand-trace.csv", "text/csv");
        done(`${value.trace.split("\n").length - 2} rows, ended as ${name(value.summary.end)}`);
      } else if (is === "broken") {
        done("failed");
        broken(value);
      }
    });
  }

  function keyboard(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.matches("textarea, select, input[type=range], input[type=text]");
    const pressable = event.target.matches("button, input, a, [role=button]");
    if (typing) return;
    const key = event.key.toLowerCase();
    if (key === " ") {
      if (pressable) return;
      event.preventDefault();
      if (!event.repeat) press();
    } else if (event.repeat) return;
    else if (key === "t") touch(!frame?.contact);
    else if (key === "arrowdown" && !pressable) { event.preventDefault(); touch(true); }
    else if (key === "arrowup" && !pressable) { event.preventDefault(); touch(false); }
    else if (key === "p") pause();
    else if (key === "m") setSound(!Sound.on());
    else if (key === "+" || key === "-") {
      const at = SPEEDS.indexOf(speed) + (key === "+" ? 1 : -1);
      if (SPEEDS[at]) setSpeed(SPEEDS[at]);
    } else if (/^[1-4]$/.test(key)) chooseSkin(Object.keys(SKINS)[key - 1]);
  }

  Scene.build(get("scene"), { press, release, touch });
  get("contact").addEventListener("click", () => touch(!frame?.contact));
  for (const button of document.querySelectorAll("[data-press]")) {
    button.addEventListener("click", () => act("press_s", Number(button.dataset.press)));
  }
  get("speed").addEventListener("change", (event) => setSpeed(Number(event.target.value)));
  get("span").addEventListener("change", (event) => Charts.setSpan(Number(event.target.value)));
  get("pause").addEventListener("click", pause);
  get("sound").addEventListener("click", () => setSound(!Sound.on()));
  get("fresh").addEventListener("click", () => { wantsRecord = true; fresh(); });
  get("new").addEventListener("change", () => { wantsRecord = true; fresh(); });
  get("journal-csv").addEventListener("click", () => order("csv"));
  get("product").addEventListener("change", (event) => { wantsRecord = true; fresh(event.target.value); });
  get("vbus").addEventListener("change", (event) => {
    event.target.touched = performance.now();
    act("vbus", event.target.checked);
  });
  get("battery").addEventListener("input", (event) => {
    event.target.touched = performance.now();
    showBattery(Number(event.target.value));
  });
  get("battery").addEventListener("change", (event) => act("battery_mv", Number(event.target.value)));
  get("script").addEventListener("input", () => { wantsRecord = false; });
  get("record").addEventListener("click", () => { wantsRecord = true; order("script", { why: "field" }); });
  get("replay").addEventListener("click", () => (wantsRecord ? order("script", { why: "replay" }) : replay()));
  get("save").addEventListener("click", () => (wantsRecord ? order("script", { why: "save" }) : saveScript()));
  get("open").addEventListener("change", async (event) => {
    const file = event.target.files[0];
    if (!file) return;
    wantsRecord = false;
    get("script").value = await file.text();
    event.target.value = "";
  });
  get("trace").addEventListener("click", () => order("script", { why: "trace" }));
  // A switch that was clicked keeps no focus, so that the space bar is the wand's button again.
  document.addEventListener("click", (event) => {
    const node = document.activeElement;
    if (event.detail && node?.matches("button, input[type=checkbox], input[type=radio]")) node.blur();
  });
  document.addEventListener("keydown", keyboard);
  document.addEventListener("keyup", (event) => { if (event.key === " ") release(); });
  for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, Sound.wake);
  window.addEventListener("blur", release);
  window.addEventListener("resize", Charts.resize);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", Charts.build);
  get("build").textContent = source.note;

  Charts.clear();
  Charts.build();
  worker = begin((message) => answers[message.is]?.(message.value, message));
  window.virtualWand = { frame: () => frame, pace: () => pace, counted, points: Charts.points };
  requestAnimationFrame(paint);
})();
