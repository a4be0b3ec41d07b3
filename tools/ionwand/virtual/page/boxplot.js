// A black box as two charts: what was set and measured, and the voltages, from the tick that saw
// the fault. Whole, or 60 ms around it, where parts are told apart.

const BoxPlot = (() => {
  const { t } = Texts;
  const get = (id) => document.getElementById(id);
  const NEAR_MS = 60;
  const text = (english) => english; // is translated where it is shown
  const CURRENTS = [[text("set"), "--set", 3], [text("fast A"), "--accent", 1.8], [text("fast B"), "--peak", 1.8], [text("precise A"), "--good", 1.2]];
  const VOLTS = [[text("low rail e2"), "--z", 1.8], [text("load with leads"), "--volts", 1.8]];
  let rows = []; // [ms, set µA, A µA, B µA, precise A µA, e2 mV, load mV], oldest first
  let near = false;
  let plots = [];

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  function plot(id, named, columns) {
    const place = get(id);
    const ink = { stroke: colour("--muted"), font: "12px system-ui, sans-serif", grid: { stroke: colour("--rule"), width: 1 }, ticks: { show: false } };
    const keys = named.map(([name, tone, width]) => ({
      label: name, stroke: colour(tone), width, points: { show: near, size: 4 }, paths: uPlot.paths.stepped({ align: 1 }),
    }));
    get(`${id}-keys`).replaceChildren(...named.map(([name, tone]) => {
      const item = document.createElement("span");
      item.innerHTML = `<i class="line" style="border-color: var(${tone})"></i> `;
      item.append(t(name));
      return item;
    }));
    return new uPlot({
      width: Math.max(240, place.clientWidth), height: 190, pxAlign: 0, legend: { show: false }, padding: [8, 26, 0, 0],
      cursor: { y: false, drag: { x: false, y: false } },
      scales: { x: { time: false }, y: { range: (_, least, most) => [Math.min(0, least ?? 0), Math.max(1, most ?? 0) * 1.08] } },
      axes: [{ ...ink, size: 26, values: (_, ticks) => ticks.map((ms) => `${ms} ms`) }, { ...ink, size: 48 }],
      series: [{}, ...keys],
      hooks: { draw: [(u) => { // the tick that saw it
        const x = u.valToPos(0, "x", true);
        Object.assign(u.ctx, { strokeStyle: colour("--bad"), lineWidth: 1 });
        u.ctx.beginPath();
        u.ctx.moveTo(x, u.bbox.top);
        u.ctx.lineTo(x, u.bbox.top + u.bbox.height);
        u.ctx.stroke();
      }] },
    }, columns, place);
  }

  function draw() {
    for (const old of plots.splice(0)) old.destroy();
    if (!rows.length || get("box").hidden) return;
    const shown = near ? rows.filter(([ms]) => Math.abs(ms) <= NEAR_MS) : rows;
    const column = (at, per = 1) => shown.map((row) => row[at] / per);
    plots = [
      plot("box-currents", CURRENTS, [column(0), column(1), column(2), column(3), column(4)]),
      plot("box-volts", VOLTS, [column(0), column(5, 1000), column(6, 1000)]),
    ];
  }

  function show(found) {
    rows = found;
    draw();
  }

  get("box-span").addEventListener("change", (event) => {
    near = event.target.value === "near";
    draw();
  });
  window.addEventListener("resize", draw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);

  return { show, charts: () => plots.length };
})();
