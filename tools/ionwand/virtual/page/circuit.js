// What may be broken in the simulated circuit, its supply, and what the guard makes of it.

const Circuit = (() => {
  const { FAULTS, name } = Words;
  const { show } = Readout;
  const { t, figure } = Texts;
  const get = (id) => document.getElementById(id);
  const boxes = {};

  function buildFaults(names) {
    const known = Object.keys(FAULTS).filter((id) => names.includes(id));
    for (const id of [...known, ...names.filter((other) => !known.includes(other))]) {
      const item = document.createElement("li");
      item.innerHTML = `<label class="switch"><input type="checkbox" id="fault-${id}"><span></span><code translate="no">${id}</code><small>${FAULTS[id] ?? ""}</small></label>`;
      const box = item.querySelector("input");
      box.addEventListener("change", () => {
        box.touched = performance.now();
        Wand.act(box.checked ? "fault" : "clear", id);
      });
      boxes[id] = box;
      get("faults").append(item);
    }
    Texts.apply(get("faults"));
  }

  function buildGuard(rows) {
    get("guard").tBodies[0].innerHTML = rows.map(([label], i) => `<tr><td>${label}</td><td id="guard-${i}"></td></tr>`).join("");
    Texts.apply(get("guard"));
  }
  function guardText([, , unit], number) {
    if (unit === "") return number > 1 ? number.toLocaleString(Texts.language()) : number ? t("yes") : t("no");
    if (unit === "ms") return `${figure((number / 1000).toFixed(1))} s`;
    if (unit === "µs") return `${figure((number / 1000).toFixed(1))} ms`;
    return `${number.toLocaleString(Texts.language())} ${unit}`;
  }

  function update(value) {
    value.guard.forEach((number, i) => show(`guard-${i}`, guardText(Wand.now.guardRows[i], number)));
    const verdict = value.trips.length ? t("Tripped: {0}", value.trips.map(name).join(", ")) : value.gate ? t("Current may flow.") : t("The output is off.");
    show("verdict", verdict + (value.latched ? ` ${t("(comparator latched)")}` : ""));
    get("verdict").className = `note ${value.trips.length ? "tripped" : value.gate ? "permits" : ""}`;
    for (const [fault, box] of Object.entries(boxes)) {
      const on = value.injected.includes(fault);
      if (box.checked !== on && box !== document.activeElement) box.checked = on;
      else if (box.checked !== on && performance.now() - (box.touched ?? 0) > 500) box.checked = on;
    }
    const latent = value.injected.length && !value.trips.length && value.state !== "fault";
    show("latent", latent ? t("Broken, and nothing to see yet? The next proof, before a session, will name it.") : "");
    // A replay has a charger and a battery of its own, a new wand has none and a full one.
    const idle = (node) => performance.now() - (node.touched ?? -Infinity) > 2000;
    if (idle(get("vbus"))) get("vbus").checked = value.vbus;
    if (value.battery && idle(get("battery"))) showBattery(Math.round(value.battery / 50) * 50);
  }

  function showBattery(mv) {
    if (get("battery").value !== String(mv)) get("battery").value = mv;
    show("battery-value", `${figure((mv / 1000).toFixed(2))} V`);
  }

  get("vbus").addEventListener("change", (event) => {
    event.target.touched = performance.now();
    Wand.act("vbus", event.target.checked);
  });
  get("battery").addEventListener("input", (event) => {
    event.target.touched = performance.now();
    showBattery(Number(event.target.value));
  });
  get("battery").addEventListener("change", (event) => Wand.act("battery_mv", Number(event.target.value)));

  return { buildFaults, buildGuard, update };
})();
