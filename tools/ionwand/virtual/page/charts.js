// Three charts on one time axis. Points get coarser as a session grows, so that drawing stays cheap.

const Charts = (() => {
  const PEAK_UA = 850; // the diode's limit; what leaves the scale is a capacitor's microsecond, told as a charge
  const MOST = 2400; // points; then two become one
  const KEYS = ["t", "set", "i", "peak", "z", "v", "dose"];
  let data = null;
  let stride = 1;
  let open = null;
  let span = 0;
  let plots = [];
  let dirty = false;
  let target = 0;

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const clock = (seconds) => {
    const whole = Math.floor(seconds);
    const rest = seconds - whole;
    const text = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
    return rest > 0.001 ? `${text}.${Math.round(rest * 10)}` : text;
  };

  function clear() {
    data = KEYS.map(() => []);
    stride = 1;
    open = null;
    dirty = true;
  }

  // `flat`: seconds, set µA, delivered µA, peak µA, Ω, mV, µC, again and again.
  function add(flat) {
    for (let at = 0; at < flat.length; at += 7) {
      const [t, set, i, peak, ohm, mv, uc] = flat.slice(at, at + 7);
      if (!open) open = { peak: 0, count: 0 };
      const z = ohm > 0 ? ohm / 1000 : null;
      Object.assign(open, { t, set, i, z, v: mv / 1000, dose: uc / 60000, peak: Math.max(open.peak, peak), count: open.count + 1 });
      if (open.count < stride) continue;
      KEYS.forEach((key, k) => data[k].push(open[key]));
      open = null;
      if (data[0].length >= MOST) halve();
    }
    dirty = dirty || flat.length > 0;
  }

  function halve() {
    data = data.map((column, k) => {
      const half = [];
      for (let j = 1; j < column.length; j += 2) half.push(KEYS[k] === "peak" ? Math.max(column[j - 1], column[j]) : column[j]);
      return half;
    });
    stride *= 2;
  }

  function axis(extra) {
    return { stroke: colour("--muted"), font: "12px system-ui, sans-serif", grid: { stroke: colour("--rule"), width: 1 }, ticks: { show: false }, gap: 4, ...extra };
  }

  function plot(id, height, series, scales, right) {
    const place = document.getElementById(id);
    const axes = [axis({ values: (_, ticks) => ticks.map(clock), size: 26, space: 70 }), axis({ size: 48, space: 32 })];
    if (right) axes.push(axis({ scale: right, side: 1, size: 40, space: 32, grid: { show: false } }));
    const cursor = { sync: { key: "wand" }, y: false, points: { size: 6 }, drag: { x: false, y: false } };
    return new uPlot({
      width: Math.max(200, place.clientWidth), height, pxAlign: 0, cursor, axes, legend: { show: false }, padding: [8, right ? 0 : 40, 0, 0],
      scales: { x: { time: false }, ...scales },
      series: [{}, ...series],
    }, [[0], ...series.map(() => [null])], place);
  }

  function build() {
    for (const old of plots) old.u.destroy();
    const from0 = (least) => (_, min, max) => [0, Math.max(least, (max ?? 0) * 1.08)];
    const line = (label, name, width, more = {}) => ({ label, stroke: colour(name), width, points: { show: false }, ...more });
    plots = [
      {
        use: [0, 3, 1, 2],
        u: plot("plot-current", 214, [
          line("peak", "--peak", 1),
          line("set", "--set", 1.5, { dash: [6, 4] }),
          line("delivered", "--accent", 2.2),
        ], { y: { range: currentRange } }),
      },
      {
        use: [0, 4, 5],
        u: plot("plot-impedance", 150, [
          line("impedance", "--z", 2),
          line("voltage", "--volts", 1.6, { dash: [2, 3], scale: "v" }),
        ], { y: { range: from0(20) }, v: { range: from0(10) } }, "v"),
      },
      {
        use: [0, 6],
        u: plot("plot-dose", 110, [line("dose", "--dose", 2, { fill: colour("--dose") + "22" })], {
          y: { range: (_, min, max) => [0, Math.max(target || 0.1, max ?? 0) * 1.08] },
        }),
      },
    ];
    dirty = true;
  }

  // Peaks up to what a fault can drive count; a touch is told as its charge, by readout.js.
  function currentRange(u) {
    const [from, to] = u.series[0].idxs ?? [0, 0];
    let most = 150;
    for (let k = 1; k <= 3; k++) {
      const column = u.data[k];
      for (let j = from; j <= to; j++) if (column[j] > most && column[j] <= PEAK_UA) most = column[j];
    }
    return [0, most * 1.08];
  }

  function draw() {
    if (!dirty || !data) return;
    dirty = false;
    const now = data[0].length ? data[0][data[0].length - 1] : 0;
    const max = Math.max(now, span || 10);
    const min = span ? max - span : 0;
    let from = 0;
    if (span) from = Math.max(0, data[0].findIndex((t) => t >= min) - 1);
    for (const { u, use } of plots) {
      u.batch(() => {
        u.setData(use.map((k) => (from ? data[k].slice(from) : data[k])), false);
        u.setScale("x", { min, max });
      });
    }
  }

  function resize() {
    for (const { u } of plots) {
      const width = u.root.parentElement.clientWidth;
      if (width > 100 && width !== u.width) u.setSize({ width, height: u.height });
    }
  }

  return {
    build, add, clear, draw, resize,
    points: () => data[0].length,
    setSpan(seconds) { span = seconds; dirty = true; },
    setTarget(milliampMinutes) { target = milliampMinutes; dirty = true; },
  };
})();
