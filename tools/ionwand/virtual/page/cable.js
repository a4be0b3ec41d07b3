// The half of the page that speaks with a wand: buttons and tables. What is said to it is decided
// in guest/desk.py, the cable is console.js.

(() => {
  const get = (id) => document.getElementById(id);
  const main = get("cable");
  let line = null;
  let busy = false;

  const say = (text) => { get("cable-state").textContent = text; };

  function enable() {
    const there = Boolean(line) && !busy;
    for (const button of main.querySelectorAll(".needs-wand button, button.wand")) button.disabled = !there;
    get("connect").hidden = Boolean(line);
    get("connect").disabled = busy || !navigator.serial;
    get("disconnect").hidden = !line;
    get("disconnect").disabled = busy;
    for (const card of main.querySelectorAll(".needs-wand")) card.hidden = !line;
  }

  // One thing at a time. Whatever is wrong is one line; a lost cable closes what is open.
  async function work(doing, job, place = "cable-error") {
    if (busy) return;
    busy = true;
    get("cable-error").textContent = "";
    get(place).textContent = "";
    if (doing) say(doing);
    enable();
    try {
      await job();
      if (doing) say(line ? `Connected: wand ${line.board}.` : "No wand is connected.");
    } catch (error) {
      if (line && error.name !== "Refused" && error.name !== "Said") await leave(false);
      say(line ? `Connected: wand ${line.board}.` : "No wand is connected.");
      get(place).textContent = words(error);
    }
    busy = false;
    enable();
  }

  function words(error) {
    if (error.name === "NotFoundError") return "No wand was chosen.";
    if (["NetworkError", "InvalidStateError"].includes(error.name)) {
      return "The port cannot be opened: another program, or another tab of this page, has the wand. Close that first.";
    }
    if (error.name === "Said") return error.message.trim().split("\n").pop();
    return error instanceof Console.Lost ? `${error.message}; what was in use is whole, connect again` : error.message.trim().split("\n").pop();
  }

  async function connect() {
    const [usbVendorId, usbProductId] = Desk.carried.usb;
    const port = await navigator.serial.requestPort({ filters: [{ usbVendorId, usbProductId }] });
    const made = new Console.Line(port);
    await made.open();
    try {
      await made.interrupt();
      made.board = (await Desk.follow(made, "meet")).value;
    } catch (error) {
      await made.restart().catch(() => {});
      await made.close();
      throw error.name === "Refused" ? new Error(`${error.message}. Put the firmware on it with \`ionwand image\` or \`ionwand flash\`.`) : error;
    }
    line = made;
    port.addEventListener?.("disconnect", () => { if (line === made && !busy) work("", async () => { throw made.gone ?? new Console.Lost("the cable was pulled"); }); });
    await status();
    await slots();
    await sessions();
  }

  async function leave(restart = true) {
    const old = line;
    line = null;
    if (restart) await old.restart();
    await old.close();
  }

  async function status() {
    const { value } = await Desk.follow(line, "status");
    const [body, coefficients] = ["cable-status", "cable-coefficients"].map((id) => get(id).tBodies[0]);
    body.textContent = coefficients.textContent = "";
    for (const [name, text] of value.rows) {
      const row = (name.startsWith(" ") ? coefficients : body).insertRow();
      row.insertCell().textContent = name;
      row.insertCell().textContent = text;
    }
    list("cable-faults", value.faults.map(([name, meaning, helps]) => `${name.replaceAll("_", " ")}: ${meaning}. ${helps || "Service."}`));
    get("cable-patched").textContent = value.patched.length
      ? `Patch test done on this wand with: ${value.patched.join(", ")}. Each new person needs their own.` : "No patch test has been done on this wand.";
  }

  function list(id, lines) {
    get(id).replaceChildren(...lines.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  }

  async function slots() {
    const { value, said } = await Desk.follow(line, "slots");
    list("firmware-slots", said);
    get("firmware-carried").textContent = value ? `This page carries ${value}.` : "This page carries no firmware for this board.";
  }

  function progress(share) {
    const percent = Math.min(100, Math.round(share * 100));
    get("firmware-bar").firstElementChild.style.transform = `scaleX(${percent / 100})`;
    get("firmware-bar").setAttribute("aria-valuenow", percent);
    if (percent) say(`Sending the firmware: ${percent} %. A pulled cable does no harm.`);
  }

  async function firmware(name) {
    progress(0);
    const { said } = await Desk.follow(line, name, {}, progress);
    if (name === "update") progress(1);
    await slots();
    list("firmware-slots", [...said, ...[...get("firmware-slots").children].map((item) => item.textContent)]);
  }

  const HEAD = ["no.", "product", "kind", "mean", "dose", "lifts", "Z", "ended", "paper"];
  async function sessions() {
    const { value } = await Desk.follow(line, "journal", { last: 20 });
    get("sessions").tHead.innerHTML = `<tr>${HEAD.map((text) => `<th scope="col">${text}</th>`).join("")}</tr>`;
    const body = get("sessions").tBodies[0];
    body.textContent = "";
    for (const one of value.rows) {
      const row = body.insertRow();
      for (const text of [one.number, one.product, one.patch ? "patch test" : "treatment", `${one.mean} µA`,
        `${one.dose.toFixed(2)} mA·min`, one.lifts, one.z ? `${Math.round(one.z / 1000)} kΩ` : "–", one.ended]) {
        row.insertCell().textContent = text;
      }
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Report", className: "wand" });
      button.setAttribute("aria-label", `Report of session ${one.number}`);
      button.addEventListener("click", () => work("Reading the session.", async () => {
        const made = new Date().toLocaleDateString("sv");
        Papers.show((await Desk.follow(line, "report", { number: one.number, reference: get("reference").value, made })).value);
      }));
      row.insertCell().append(button);
    }
    const lost = value.damaged ? ` ${value.damaged} of them cannot be read.` : "";
    get("sessions-note").textContent = value.kept
      ? `This wand keeps ${value.kept} session${value.kept > 1 ? "s" : ""}; the newest ${value.rows.length} are shown.${lost}` : "The journal is empty: no session has come to its end yet.";
    for (const id of ["sessions-csv", "sessions-json"]) get(id).disabled = !value.rows.length;
  }

  // --- catalogue ---
  const table = () => Desk.toml(get("products").value);

  function checked(entries) {
    const body = get("products-checked").tBodies[0];
    body.textContent = "";
    for (const one of entries) {
      const row = body.insertRow();
      for (const text of [one.number, `${one.name} (${one.id})`, `roller ${one.sign}, ${one.ua} µA, ${one.dose.toFixed(2)} mA·min`,
        `${one.weak ? "weak" : "good"}: ${one.words}`]) row.insertCell().textContent = text;
      row.classList.toggle("weak", one.weak);
    }
    return entries.length;
  }

  const product = (doing, job) => work(doing, async () => {
    get("products-said").textContent = "";
    get("products-said").textContent = await job();
  }, "products-error");

  async function check() {
    const count = checked((await Desk.follow(null, "check", { table: table() })).value);
    return `${count} products, all accepted.`;
  }
  async function pull() {
    const { value } = await Desk.follow(line, "pull");
    get("products").value = value.text;
    return `Catalogue no. ${value.sequence} of this wand.`;
  }
  async function push() {
    await check();
    get("precautions").open = true;
    if (!get("known").checked) {
      get("known").focus();
      throw Object.assign(new Error("Read the precautions and say that they are known; then send."), { name: "Refused" });
    }
    const { value } = await Desk.follow(line, "push", { table: table() });
    checked(value.checked);
    return `The wand keeps ${value.count} products: catalogue no. ${value.sequence}.`;
  }

  get("connect").addEventListener("click", () => work("Connecting. The wand is told to stop whatever it does.", connect));
  get("disconnect").addEventListener("click", () => work("Starting the wand anew.", () => leave()));
  get("status").addEventListener("click", () => work("Reading the status.", status));
  get("sessions-read").addEventListener("click", () => work("Reading the journal.", sessions));
  get("update").addEventListener("click", () => work("Comparing the firmware.", () => firmware("update")));
  get("rollback").addEventListener("click", () => work("Going back.", () => firmware("rollback")));
  get("products-pull").addEventListener("click", () => product("Reading the catalogue.", pull));
  get("products-check").addEventListener("click", () => product("", check));
  get("products-push").addEventListener("click", () => product("Sending the catalogue.", push));
  get("products-builtin").addEventListener("click", () => { get("products").value = Desk.carried.catalogue; });
  get("products-save").addEventListener("click", () => Files.download(get("products").value, "catalogue.toml", "text/plain"));
  Files.opened(get("products-open"), (text) => { get("products").value = text; });

  // --- which half of the page is shown ---
  function half(cable) {
    get("virtual").hidden = cable;
    main.hidden = !cable;
    for (const node of document.querySelectorAll(".simulation")) node.hidden = cable;
    document.querySelector(".real").hidden = !cable;
    for (const [id, on] of [["to-virtual", !cable], ["to-cable", cable]]) get(id).setAttribute("aria-current", on ? "page" : "false");
    if (!cable) return Charts.resize();
    if (Wand.now.pace.running) Wand.order("pause"); // two wands at once confuse
    Desk.ready().then((lines) => list("precaution-list", lines));
  }
  get("to-virtual").addEventListener("click", () => half(false));
  get("to-cable").addEventListener("click", () => half(true));
  if (!navigator.serial) say("This browser has no Web Serial: it works in Chrome and Edge on a computer.");
  get("products").value = Desk.carried.catalogue;
  enable();
  window.cable = { line: () => line, busy: () => busy };
})();
