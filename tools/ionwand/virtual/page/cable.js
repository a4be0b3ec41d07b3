// The half of the page that speaks with a wand: buttons and tables. What is said to it is decided
// in guest/desk.py, the cable is console.js.

(() => {
  const get = (id) => document.getElementById(id);
  const main = get("cable");
  let line = null;
  let busy = false;
  let found = null; // status, journal and firmware as read last, to show them in another language
  let journal = null;
  let box = null;
  let told = null;
  const text = (english) => english; // is translated where it is shown

  const { t, said, put, figure, grouped } = Texts;
  const say = (text, ...values) => put(get("cable-state"), text, ...values);

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
      if (doing) stand();
    } catch (error) {
      if (line && error.name !== "Refused" && error.name !== "Said") await leave(false);
      stand();
      get(place).textContent = words(error);
    }
    busy = false;
    enable();
  }

  function stand() {
    if (line) say("Connected: wand {0}.", line.board);
    else say("No wand is connected.");
  }

  function words(error) {
    if (error.name === "NotFoundError") return t("No wand was chosen.");
    if (["NetworkError", "InvalidStateError"].includes(error.name)) {
      return t("The port cannot be opened: another program, or another tab of this page, has the wand. Close that first.");
    }
    const last = said(error.message.trim().split("\n").pop());
    return error instanceof Console.Lost ? t("{0}; what was in use is whole, connect again", last) : last;
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
      throw error.name === "Refused" ? new Error(t("{0}. Put the firmware on it with `ionwand image` or `ionwand flash`.", said(error.message))) : error;
    }
    line = made;
    box = null;
    showBox();
    port.addEventListener?.("disconnect", () => { if (line === made && !busy) work("", async () => { throw made.gone ?? new Console.Lost(t("the cable was pulled")); }); });
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
    found = (await Desk.follow(line, "status")).value;
    showStatus(found);
  }

  function showStatus(value) {
    const [body, coefficients] = ["cable-status", "cable-coefficients"].map((id) => get(id).tBodies[0]);
    body.textContent = coefficients.textContent = "";
    for (const [name, text] of value.rows) {
      const row = (name.startsWith(" ") ? coefficients : body).insertRow();
      row.insertCell().textContent = said(name.trim());
      const state = name === "it was" && Words.STATES[text]?.[0];
      row.insertCell().textContent = state ? t(state) : name === "battery" ? figure(text) : said(text);
    }
    list("cable-faults", value.faults.map(([name, meaning, helps]) => t("{0}: {1}", name.replaceAll("_", " "), `${t(meaning)}. ${helps ? t(helps) : t("Service.")}`)));
    if (value.patched.length) put(get("cable-patched"), "Patch test done on this wand with: {0}. Each new person needs their own.", value.patched.join(", "));
    else put(get("cable-patched"), "No patch test has been done on this wand.");
  }

  function list(id, lines) {
    get(id).replaceChildren(...lines.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  }

  const lines = () => list("firmware-slots", told.map((one) => grouped(said(one))));

  async function slots(before = []) {
    const answer = await Desk.follow(line, "slots");
    told = [...before, ...answer.said];
    lines();
    if (answer.value) put(get("firmware-carried"), "This page carries {0}.", answer.value);
    else put(get("firmware-carried"), "This page carries no firmware for this board.");
  }

  function progress(share) {
    const percent = Math.min(100, Math.round(share * 100));
    get("firmware-bar").firstElementChild.style.transform = `scaleX(${percent / 100})`;
    get("firmware-bar").setAttribute("aria-valuenow", percent);
    if (percent) say("Sending the firmware: {0} %. A pulled cable does no harm.", percent);
  }

  async function firmware(name) {
    progress(0);
    const answer = await Desk.follow(line, name, {}, progress);
    if (name === "update") progress(1);
    await slots(answer.said);
  }

  async function sessions() {
    journal = (await Desk.follow(line, "journal", { last: 20 })).value;
    showSessions(journal);
  }

  // Of a fault its name, as bench and command line call it.
  const ended = (why) => (why.startsWith("fault: ") ? t("Fault: {0}", why.slice(7).replaceAll("_", " ")) : said(why));

  function reader(shown, name, doing, job) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: shown, className: "wand", disabled: !line || busy });
    button.setAttribute("aria-label", name);
    button.addEventListener("click", () => work(doing, job));
    return button;
  }

  function papers({ number, ended: why }) {
    const made = new Date().toLocaleDateString("sv");
    const found = [reader(t("Report"), t("Report of session {0}", number), text("Reading the session."), async () => {
      Papers.show((await Desk.follow(line, "report", { number, reference: get("reference").value, made, words: Texts.table() })).value);
    })];
    if (why.startsWith("fault: ")) found.push(reader(t("Black box"), t("Black box of session {0}", number), text("Reading the black box."), () => blackBox(number)));
    return found;
  }

  function showSessions(value) {
    const head = [t("no."), t("paper"), t("product"), t("kind"), t("mean"), t("dose"), t("lifts"), t("impedance"), t("ended")];
    get("sessions").tHead.innerHTML = `<tr>${head.map((text) => `<th scope="col">${text}</th>`).join("")}</tr>`;
    const body = get("sessions").tBodies[0];
    body.textContent = "";
    for (const one of value.rows) {
      const row = body.insertRow();
      row.insertCell().textContent = one.number;
      row.insertCell().append(...papers(one));
      for (const text of [one.product, one.patch ? t("patch test") : t("treatment"), `${one.mean} µA`,
        `${figure(one.dose.toFixed(2))} mA·min`, one.lifts, one.z ? `${Math.round(one.z / 1000)} kΩ` : "–", ended(one.ended)]) {
        row.insertCell().textContent = text;
      }
    }
    const note = value.kept === 1 ? t("This wand keeps one session.") : t("This wand keeps {0} sessions; the newest {1} are shown.", value.kept, value.rows.length);
    const lost = value.damaged ? ` ${t("{0} of them cannot be read.", value.damaged)}` : "";
    get("sessions-note").textContent = value.kept ? note + lost : t("The journal is empty: no session has come to its end yet.");
    for (const id of ["sessions-csv", "sessions-json"]) get(id).disabled = !value.rows.length;
  }

  // What was seen around a fault: where to measure first, and each tick as CSV.
  async function blackBox(session) {
    box = { session, ...(await Desk.follow(line, "box", { session })).value };
    showBox();
    get("box-csv").focus();
  }

  function showBox() {
    get("box").hidden = !box;
    BoxPlot.show(box?.rows ?? []);
    if (!box) return;
    const lines = box.told.split("\n").map((text) => said(text)).join("; ");
    get("box-told").textContent = `${t("Session {0}, black box of {1}:", box.session, box.first.replaceAll("_", " "))} ${lines}.`;
  }

  get("connect").addEventListener("click", () => work("Connecting. The wand is told to stop whatever it does.", connect));
  get("disconnect").addEventListener("click", () => work("Starting the wand anew.", () => leave()));
  get("status").addEventListener("click", () => work("Reading the status.", status));
  get("sessions-read").addEventListener("click", () => work("Reading the journal.", sessions));
  get("box-csv").addEventListener("click", () => Files.download(box.csv, `wand-blackbox-${box.session}.csv`, "text/csv"));
  get("update").addEventListener("click", () => work("Comparing the firmware.", () => firmware("update")));
  get("rollback").addEventListener("click", () => work("Going back.", () => firmware("rollback")));

  // --- which half of the page is shown ---
  function half(cable) {
    get("virtual").hidden = cable;
    main.hidden = !cable;
    for (const node of document.querySelectorAll(".simulation")) node.hidden = cable;
    for (const node of document.querySelectorAll(".real")) node.hidden = !cable;
    for (const [id, on] of [["to-virtual", !cable], ["to-cable", cable]]) get(id).setAttribute("aria-current", on ? "page" : "false");
    if (!cable) return Charts.resize();
    if (Wand.now.pace.running) Wand.order("pause"); // two wands at once confuse
    Shelf.show();
  }
  get("to-virtual").addEventListener("click", () => half(false));
  get("to-cable").addEventListener("click", () => half(true));
  if (!navigator.serial) say("This browser has no Web Serial: it works in Chrome and Edge on a computer.");
  Texts.change(() => {
    if (found) showStatus(found);
    if (journal) showSessions(journal);
    showBox();
    if (told) lines();
  });
  Shelf.begin(work, () => line);
  enable();
  window.cable = { line: () => line, busy: () => busy };
})();
