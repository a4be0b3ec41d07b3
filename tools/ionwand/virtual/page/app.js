// The page around the wand's thread (worker.js): takes its messages and paints what they say.
// What the wand does is decided in firmware/; here is when what is shown.

(() => {
  const { now } = Wand;
  const { t } = Texts;
  const get = (id) => document.getElementById(id);
  const SCENE_MS = 30; // the drawn wand
  const DRAW_MS = 120; // charts and numbers: nobody reads faster

  const answers = {
    ready: ([faults, rows, skins]) => {
      now.guardRows = rows;
      Circuit.buildFaults(faults);
      Circuit.buildGuard(rows);
      Hands.buildSkins(skins);
      Hands.fresh();
    },
    started: (value) => {
      Object.assign(now, { catalogue: value.catalogue, job: value.job });
      list();
      Hands.started(now.job);
      Charts.clear();
      Readout.clear();
      Records.clear();
      get("broken").hidden = true;
    },
    frame: (value, pace) => {
      Object.assign(now, { frame: value, pace });
      Charts.add(value.samples);
      for (const entry of value.log) Readout.log(entry);
    },
    script: Records.script,
    read: Records.read,
    journal: Records.journal,
    csv: Records.csv,
    broken: Wand.broken,
  };

  function list() {
    const chosen = get("product").value;
    get("product").replaceChildren(...now.catalogue.map((entry, at) => {
      const ion = Math.abs(entry.charge) < 5 ? t("neutral") : entry.sign < 0 ? "−" : "+";
      return new Option(`${at + 1}. ${entry.name}, ${ion}, ${entry.ua} µA`, entry.id);
    }));
    if (chosen) get("product").value = chosen;
  }

  // --- what is shown, once an animation frame ---
  function updateScene(frame, pace) {
    const fast = Hands.speed() > 1;
    Scene.update(frame, now.catalogue[frame.product]);
    Scene.light(frame.rgb, fast);
    Sound.play(fast || !pace.running ? 0 : frame.hz);
  }

  function update(frame) {
    const product = now.catalogue[frame.product];
    if (!product) return;
    const another = Readout.update(frame, product);
    Circuit.update(frame);
    Another.update(frame);
    Tour.update(frame);
    Records.update(frame, another);
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
    const { frame, pace } = Wand.now;
    if (frame) {
      if (now - before >= SCENE_MS && frame !== painted) {
        updateScene(frame, pace);
        painted = frame;
        if (pace.running) Scene.animate(Math.min(0.1, (now - before) / 1000) * Math.min(Hands.speed(), 4));
        before = now;
      }
      if (now - drawn >= DRAW_MS || frame.state !== Readout.state()) {
        drawn = now;
        update(frame);
        Charts.draw();
      }
    }
  }

  Texts.change(list);
  window.addEventListener("resize", Charts.resize);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", Charts.build);
  get("build").textContent = Wand.note;
  Charts.clear();
  Charts.build();
  Wand.begin((message) => answers[message.is]?.(message.value, message));
  window.virtualWand = { frame: () => now.frame, pace: () => now.pace, counted, points: Charts.points };
  requestAnimationFrame(paint);
})();
