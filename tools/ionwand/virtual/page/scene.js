// The drawn wand and the skin under it: shows what the simulation says, passes on what hands do.

const Scene = (() => {
  const LIFT = 46; // px that a lifted wand stands above the skin
  const ROLLING = 0.1; // px/ms of the drawing: slower than that the roller stands
  const HASTY = 0.6;
  const TOUCH_AT = 5; // dragged nearer than this it touches
  const IONS = 14;

  const drawing = `
<svg viewBox="0 0 400 430" role="group" aria-label="Wand and skin">
  <defs>
    <linearGradient id="g-body" x1="0" x2="1"><stop offset="0" stop-color="#d9dcdd"/><stop offset=".18" stop-color="#ffffff"/><stop offset=".62" stop-color="#f3f4f3"/><stop offset="1" stop-color="#bfc5c8"/></linearGradient>
    <linearGradient id="g-metal" x1="0" x2="1"><stop offset="0" stop-color="#7d868d"/><stop offset=".3" stop-color="#eef1f2"/><stop offset=".55" stop-color="#b5bcc1"/><stop offset="1" stop-color="#6f787f"/></linearGradient>
    <radialGradient id="g-roller" cx=".36" cy=".3" r=".8"><stop offset="0" stop-color="#ffffff"/><stop offset=".45" stop-color="#c3cace"/><stop offset="1" stop-color="#69737b"/></radialGradient>
    <radialGradient id="g-glow"><stop offset="0" stop-color="currentColor" stop-opacity=".75"/><stop offset=".35" stop-color="currentColor" stop-opacity=".3"/><stop offset="1" stop-color="currentColor" stop-opacity="0"/></radialGradient>
    <linearGradient id="g-dermis" x1="0" x2="0" y1="0" y2="1"><stop offset="0" stop-color="#e9b89f"/><stop offset="1" stop-color="#d99a82"/></linearGradient>
    <clipPath id="c-skin"><path d="M0 330H400V430H0Z"/></clipPath>
  </defs>
  <g id="skin">
    <path id="dermis" d="M-600 342H1000V460H-600Z" fill="url(#g-dermis)"/>
    <path id="epidermis" d="M-600 336H1000V358H400C370 350 350 346 310 356S240 368 200 358 140 350 100 360 40 346 0 352H-600Z" fill="#f0c9b1"/>
    <path id="horny" d="M-600 329H1000V338H-600Z" fill="#f7e2d2"/>
    <g id="cracks" stroke="#c99b80" stroke-width="1.2" fill="none" stroke-linecap="round"></g>
    <g fill="none" stroke="#c4826c" stroke-width="1.5" opacity=".45"><path d="M30 395q18-9 34 2t36-4"/><path d="M296 402q16-10 32 0t38-6"/><path d="M184 414q14-7 28 0t26-2"/></g>
  </g>
  <ellipse id="gel" cx="150" cy="331" rx="62" ry="6" fill="#9fd3d6" opacity=".75"/>
  <g id="ions" clip-path="url(#c-skin)" class="flow"></g>
  <ellipse id="shade" cx="152" cy="331" rx="26" ry="3.5" fill="#18222c" opacity=".18"/>
  <g id="wand">
    <g transform="translate(150 306) rotate(23)">
      <path d="M-9-10-19-66H19L9-10Z" fill="url(#g-metal)"/>
      <circle r="24" fill="url(#g-roller)" stroke="#5d666d"/>
      <circle r="4.5" fill="#59636a"/>
      <g id="turning" stroke="#8b949a" stroke-width="1.4" opacity=".7"><path d="M0-21V-14M0 14V21M-21 0H-14M14 0H21"/></g>
      <path d="M-22-60C-32-76-35-96-35-122L-31-238C-30-259-17-268 0-268S30-259 31-238L35-122C35-96 32-76 22-60Z" fill="url(#g-body)" stroke="#aab1b5"/>
      <path d="M-33.2-176-31.2-236H31.2L33.2-176Z" fill="url(#g-metal)"/>
      <g stroke="#6d767d" stroke-width="1" opacity=".55"><path d="M-32.8-188H32.8M-32.4-200H32.4M-32-212H32M-31.6-224H31.6"/></g>
      <g fill="#828b91"><circle cx="-7" cy="-252" r="1.6"/><circle cy="-252" r="1.6"/><circle cx="7" cy="-252" r="1.6"/></g>
      <g id="led" color="#000"><circle cy="-92" r="46" fill="url(#g-glow)" id="glow"/><circle cy="-92" r="10" fill="#2a3036" stroke="#98a0a5" stroke-width="2"/><circle cy="-92" r="8" fill="currentColor" id="lens"/></g>
      <g id="key" role="button" tabindex="0" aria-label="The wand's button: press, or hold" aria-pressed="false">
        <circle cy="-138" r="27" fill="transparent"/>
        <circle class="ring" cy="-138" r="21" fill="#e9ecec" stroke="#9aa3a8" stroke-width="1.5"/>
        <g class="cap"><circle cy="-138" r="16" fill="#fbfbfa" stroke="#b9c0c3"/><path d="M-5-138H5M0-143V-133" stroke="#7a848b" stroke-width="2" stroke-linecap="round" transform="rotate(45 0 -138)" opacity="0"/></g>
        <circle id="progress" cy="-138" r="24.5" fill="none" stroke="var(--accent)" stroke-width="4" pathLength="100" stroke-dasharray="0 100" stroke-linecap="butt" transform="rotate(-90 0 -138)"/>
      </g>
    </g>
    <g class="badge" id="badge-roller" transform="translate(92 292)"><circle r="14" fill="var(--card)" stroke="var(--ink)" stroke-width="1.5"/><path stroke="var(--ink)" stroke-width="2.4" stroke-linecap="round"/></g>
    <text x="70" y="296" text-anchor="end" fill="var(--muted)">roller</text>
    <g class="badge" id="badge-grip" transform="translate(290 134)"><circle r="14" fill="var(--card)" stroke="var(--ink)" stroke-width="1.5"/><path stroke="var(--ink)" stroke-width="2.4" stroke-linecap="round"/></g>
    <text x="312" y="131" fill="var(--muted)"><tspan>grip,</tspan><tspan x="312" dy="1.25em">in the hand</tspan></text>
  </g>
  <text id="skin-label" x="388" y="419" text-anchor="end" fill="#6b3f30"></text>
</svg>`;

  const CRACKS = [
    "M22 330l4 9-3 7", "M66 330l-3 8 4 6", "M240 330l4 10-4 6", "M288 330l-4 9 3 8", "M340 330l3 8-3 8",
    "M108 330l3 9-2 5", "M206 330l-3 8 2 6", "M262 330l2 8-3 6", "M312 330l3 7-2 8", "M370 330l-3 9 3 7",
  ];
  const SKINS = {
    hydrated: { horny: 1, cracks: 0, epidermis: "#f0c9b1", text: "hydrated skin" },
    dry: { horny: 1, cracks: 5, epidermis: "#f1d3bd", text: "dry skin" },
    very_dry: { horny: 1, cracks: 10, epidermis: "#f3dac7", text: "very dry skin" },
    peeled: { horny: 0, cracks: 0, epidermis: "#ec9f8b", text: "peeled skin: no barrier" },
  };
  const SIGN = { "-1": "M-6 0H6", "1": "M-6 0H6M0-6V6", "0": "" };

  let parts = {};
  let ions = [];
  let lifted = LIFT;
  let drag = null;
  let rolling = "still";
  let resting = 0;
  let contact = false;
  let hands = {};
  let led = [0, 0, 0];
  let lit = "";
  let flow = { ua: 0, sign: 0 };
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const get = (id) => document.getElementById(id);

  function build(place, act) {
    hands = act;
    place.innerHTML = drawing;
    Texts.apply(place);
    const names = ["wand", "key", "led", "glow", "lens", "progress", "shade", "horny", "epidermis", "cracks", "ions", "turning", "skin-label"];
    parts = Object.fromEntries(names.map((name) => [name, get(name)]));
    parts.svg = place.querySelector("svg");
    parts.gradient = get("g-glow");
    parts.signs = ["badge-roller", "badge-grip"].map((id) => get(id).querySelector("path"));
    for (let i = 0; i < IONS; i++) {
      const ion = document.createElementNS("http://www.w3.org/2000/svg", "g");
      ion.innerHTML = '<circle r="6.5" fill="#0a6c74"/><path stroke="#fff" stroke-width="1.8" stroke-linecap="round" transform="scale(.55)"/>';
      parts.ions.append(ion);
      ions.push({ node: ion, path: ion.querySelector("path"), x: 112 + ((i * 53) % 80), y: (i * 97) % 90, drift: ((i * 31) % 9) - 4 });
    }
    parts.wand.addEventListener("pointerdown", begin);
    parts.svg.addEventListener("pointermove", move);
    for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, stop);
    parts.key.addEventListener("keydown", (event) => {
      if (![" ", "Enter"].includes(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      if (!event.repeat) hands.press();
    });
    parts.key.addEventListener("keyup", (event) => {
      if ([" ", "Enter"].includes(event.key)) hands.release();
    });
    parts.key.addEventListener("blur", () => hands.release());
    stand();
  }

  function begin(event) {
    if (event.button) return;
    if (parts.key.contains(event.target)) {
      drag = { key: true };
      parts.key.setPointerCapture?.(event.pointerId);
      hands.press();
      return;
    }
    drag = { y: event.clientY, from: lifted, scale: scaleOf() };
    parts.wand.classList.add("dragged");
    event.preventDefault();
  }

  function move(event) {
    if (!drag || drag.key) return;
    const to = drag.from - (event.clientY - drag.y) * drag.scale;
    lifted = Math.max(0, Math.min(LIFT, to));
    stand();
    const touching = lifted < TOUCH_AT;
    if (touching !== (drag.touching ?? contact)) {
      drag.touching = touching;
      hands.touch(touching);
    }
    if (drag.at) {
      const speed = Math.abs(event.clientX - drag.x) * scaleOf() / Math.max(1, event.timeStamp - drag.at);
      roll(touching && speed > HASTY ? "hasty" : touching && speed > ROLLING ? "rolling" : "still");
    }
    drag.x = event.clientX;
    drag.at = event.timeStamp;
  }

  // A finger that moves fast over the skin bounces; one that rests does so no more.
  function roll(motion) {
    clearTimeout(resting);
    if (motion !== "still") resting = setTimeout(() => roll("still"), 150);
    if (motion === rolling) return;
    rolling = motion;
    hands.roll(motion);
  }

  function scaleOf() {
    return 430 / parts.svg.getBoundingClientRect().height;
  }

  function stop() {
    if (drag?.key) hands.release();
    drag = null;
    parts.wand.classList.remove("dragged");
    lifted = contact ? 0 : LIFT;
    stand();
  }

  function stand() {
    parts.wand.style.transform = `translateY(${-lifted}px)`;
    parts.shade.setAttribute("opacity", (0.2 - 0.003 * lifted).toFixed(3));
  }

  function skin(name) {
    const look = SKINS[name] ?? { ...SKINS.hydrated, text: name };
    parts.horny.setAttribute("opacity", look.horny);
    parts.epidermis.setAttribute("fill", look.epidermis);
    parts.cracks.innerHTML = CRACKS.slice(0, look.cracks).map((d) => `<path d="${d}"/>`).join("");
    Texts.put(parts["skin-label"], look.text);
  }

  // Above real time the rhythm would flicker faster than eyes should see: its mean is shown.
  function light(rgb, smooth) {
    const now = [rgb >> 16, (rgb >> 8) & 255, rgb & 255];
    led = smooth ? led.map((old, i) => old + (now[i] - old) * 0.06) : now;
    const most = Math.max(...led);
    const full = most ? led.map((value) => 8 * Math.round((value * 32) / most)) : [0, 0, 0];
    const bright = Math.round((20 * most) / 255) / 20;
    const look = `${full} ${bright}`;
    if (look === lit) return; // painting is what costs
    lit = look;
    for (const part of [parts.led, parts.gradient]) part.style.color = `rgb(${full.join(" ")})`;
    parts.lens.setAttribute("opacity", bright < 0.04 ? 0 : (0.35 + 0.65 * bright).toFixed(2));
    parts.glow.setAttribute("opacity", bright);
  }

  function update(frame, product) {
    const touching = Boolean(frame.contact);
    if (touching !== contact) {
      contact = touching;
      if (!drag || drag.key) lifted = contact ? 0 : LIFT;
      stand();
    }
    const roller = product ? product.sign : 0;
    parts.signs[0].setAttribute("d", SIGN[roller] ?? "");
    parts.signs[1].setAttribute("d", SIGN[-roller] ?? "");
    parts.key.classList.toggle("down", frame.pressed);
    parts.key.setAttribute("aria-pressed", String(frame.pressed));
    const share = frame.held_ms ? Math.min(100, (frame.held_ms / (frame.state === "fault" ? 3000 : 1500)) * 100) : 0;
    parts.progress.setAttribute("stroke-dasharray", `${share.toFixed(1)} 100`);
    parts.progress.setAttribute("opacity", share ? 1 : 0);
    const sign = product && Math.abs(product.charge) < 5 ? 0 : roller;
    if (sign !== flow.sign || !ions[0].path.getAttribute("d")) {
      for (const ion of ions) ion.path.setAttribute("d", SIGN[sign] ?? "");
    }
    flow = { ua: frame.gate ? frame.i : 0, sign };
    parts.ions.classList.toggle("on", flow.ua > 2);
  }

  // Ions drift into the skin as fast as current flows.
  function animate(seconds) {
    if (flow.ua <= 2) return;
    const count = Math.max(3, Math.round((flow.ua / 350) * IONS));
    ions.forEach((ion, i) => {
      if (!still.matches) ion.y = (ion.y + seconds * (8 + Math.min(60, flow.ua * 0.12))) % 92;
      const deep = ion.y / 92;
      ion.node.setAttribute("transform", `translate(${(ion.x + ion.drift * 6 * deep).toFixed(1)} ${(338 + ion.y).toFixed(1)})`);
      ion.node.setAttribute("opacity", i < count ? (1 - deep * deep).toFixed(2) : 0);
    });
  }

  return { build, update, animate, light, skin };
})();
