// What a person does to the wand and to its time: pointer, keys, buttons and switches.

const Hands = (() => {
  const { SKINS } = Words;
  const { now } = Wand;
  const SPEEDS = [1, 2, 5, 10, 20];
  const get = (id) => document.getElementById(id);
  let skin = "hydrated";
  let speed = 1;

  // Another product is a choice that the same wand keeps; its journal stays.
  function fresh(product) {
    const chosen = product ?? now.catalogue[now.frame?.product]?.id;
    Wand.order("start", { product: chosen, skin, used: !get("new").checked, keep: Boolean(product) });
  }
  function touch(on) {
    if (on) Wand.act("touch", skin);
    else Wand.act("lift", true);
  }
  const roll = (motion) => Wand.act("motion", motion);
  const press = () => Wand.order("press");
  const release = () => Wand.order("release");
  function setSpeed(value) {
    speed = value;
    Wand.order("speed", { value });
    document.querySelector(`#speed input[value="${value}"]`).checked = true;
  }
  function pause() {
    Wand.order(now.pace.running ? "pause" : "go");
  }
  function setSound(on) {
    Sound.set(on);
    Texts.put(get("sound"), on ? "Sound on" : "Sound off");
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
    if (now.frame?.contact) Wand.act("touch", skin);
  }

  function buildSkins(names) {
    document.querySelector("#skins .segments").innerHTML = names.map((id) => `<label><input type="radio" name="skin" value="${id}"><span>${SKINS[id] ?? id}</span></label>`).join("");
    Texts.apply(get("skins").querySelector(".segments"));
    get("skins").addEventListener("change", (event) => chooseSkin(event.target.value));
    checkSkin();
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
    else if (key === "t") touch(!now.frame?.contact);
    else if (key === "arrowdown" && !pressable) { event.preventDefault(); touch(true); }
    else if (key === "arrowup" && !pressable) { event.preventDefault(); touch(false); }
    else if (key === "p") pause();
    else if (key === "m") setSound(!Sound.on());
    else if (key === "+" || key === "-") {
      const at = SPEEDS.indexOf(speed) + (key === "+" ? 1 : -1);
      if (SPEEDS[at]) setSpeed(SPEEDS[at]);
    } else if (/^[1-4]$/.test(key)) chooseSkin(Object.keys(SKINS)[key - 1]);
  }

  function started(job) {
    skin = job.skin ?? skin;
    checkSkin();
  }
  const anew = (product) => {
    Records.record();
    fresh(product);
  };

  Scene.build(get("scene"), { press, release, touch, roll });
  get("contact").addEventListener("click", () => touch(!now.frame?.contact));
  for (const button of document.querySelectorAll("[data-press]")) {
    button.addEventListener("click", () => Wand.act("press_s", Number(button.dataset.press)));
  }
  get("speed").addEventListener("change", (event) => setSpeed(Number(event.target.value)));
  get("span").addEventListener("change", (event) => Charts.setSpan(Number(event.target.value)));
  get("pause").addEventListener("click", pause);
  get("sound").addEventListener("click", () => setSound(!Sound.on()));
  get("fresh").addEventListener("click", () => anew());
  get("new").addEventListener("change", () => anew());
  Another.begin(anew);
  // Without faults to inject, guard and script: what a person with a wand meets.
  function simple(on) {
    document.body.classList.toggle("simple", on);
    get("expert").setAttribute("aria-pressed", String(!on));
    Texts.put(get("expert"), on ? "Show everything" : "Simple view");
    try { localStorage.setItem("wand-view", on ? "simple" : "all"); } catch { /* a page from disk may keep nothing */ }
    Charts.resize();
  }
  get("expert").addEventListener("click", () => simple(!document.body.classList.contains("simple")));
  let kept = null;
  try { kept = localStorage.getItem("wand-view"); } catch { /* likewise */ }
  simple(kept !== "all");
  // A switch that was clicked keeps no focus, so that the space bar is the wand's button again.
  document.addEventListener("click", (event) => {
    const node = document.activeElement;
    if (event.detail && node?.matches("button, input[type=checkbox], input[type=radio]")) node.blur();
  });
  document.addEventListener("keydown", keyboard);
  document.addEventListener("keyup", (event) => { if (event.key === " ") release(); });
  for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, Sound.wake);
  window.addEventListener("blur", release);

  return { fresh, started, buildSkins, speed: () => speed };
})();
