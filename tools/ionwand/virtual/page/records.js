// What is kept of a session: its script, its trace, and the wand's own journal.

const Records = (() => {
  const { name, time, milliampMinutes } = Words;
  const { t, said } = Texts;
  const get = (id) => document.getElementById(id);
  let wanted = true; // the field shows what was recorded until somebody edits it
  let events = -1; // of the script as shown
  let sessions = -1; // in the journal, as shown
  let kept = []; // the journal's rows

  function update(value, another) {
    if (another) events = -1; // how it ends is part of the script
    if (value.sessions !== sessions) {
      sessions = value.sessions;
      Wand.order("journal");
    }
    if (wanted && value.events !== events) {
      events = value.events;
      Wand.order("script", { why: "field" });
    }
  }

  function journal(rows) {
    kept = rows;
    get("journal-csv").disabled = !rows.length;
    get("journal-note").textContent = rows.length ? t("Sessions that this wand has kept: {0}.", rows.length) : t("Sessions that this wand has kept: none yet.");
    const body = document.querySelector("#journal tbody");
    body.textContent = "";
    for (const row of rows.slice(0, 8)) {
      const line = body.insertRow();
      const cells = [
        [`${row.number}`],
        [row.product, `${row.patch ? `${t("patch test")}, ` : ""}${t("{0} mA·min in {1}", milliampMinutes(row.dose, 3), time(row.output_ms / 1000, 0))}`],
        [row.end === "fault" ? t("Fault: {0}", name(row.why)) : said(name(row.end)), row.lifts ? `${row.lifts} ${row.lifts > 1 ? t("lifts") : t("lift")}` : ""],
      ];
      for (const [text, more] of cells) {
        const cell = line.insertCell();
        cell.textContent = text;
        if (more) cell.append(Object.assign(document.createElement("small"), { textContent: more }));
      }
    }
  }

  // What was recorded grows with time as well: it is read anew where it is used.
  function script({ text, job, why }) {
    if (why === "trace") return trace(job);
    get("script").value = text;
    if (why === "save") save();
    else if (why === "replay") replay();
  }
  function save() {
    Files.download(get("script").value, "wand-session.toml", "text/plain");
  }
  function replay() {
    wanted = false;
    Wand.order("read", { text: get("script").value });
  }
  function read({ job, error }) {
    get("script-error").textContent = error ?? "";
    if (!job) return;
    get("new").checked = Boolean(job.new);
    Wand.order("start", { job });
  }

  // The recorded session once more, in a thread of its own: simulation is exact, so is its trace.
  function trace(made) {
    get("trace").disabled = true;
    const done = (text) => {
      get("trace").disabled = false;
      get("trace-progress").textContent = text;
      thread.terminate();
    };
    const thread = Wand.thread(({ is, value }) => {
      if (is === "ready") thread.postMessage({ do: "run", job: made });
      else if (is === "progress") get("trace-progress").textContent = `${Math.round(value * 100)} %`;
      else if (is === "trace") {
        Files.download(value.trace, "wand-trace.csv", "text/csv");
        done(t("{0} rows, ended as {1}", value.trace.split("\n").length - 2, said(name(value.summary.end))));
      } else if (is === "broken") {
        done(t("failed"));
        Wand.broken(value);
      }
    });
  }

  function clear() {
    get("script-error").textContent = "";
    events = -1;
    sessions = -1;
  }

  Texts.change(() => journal(kept));
  const asked = (why, otherwise) => () => (wanted ? Wand.order("script", { why }) : otherwise());
  get("journal-csv").addEventListener("click", () => Wand.order("csv"));
  get("script").addEventListener("input", () => { wanted = false; });
  get("record").addEventListener("click", () => { wanted = true; Wand.order("script", { why: "field" }); });
  get("replay").addEventListener("click", asked("replay", replay));
  get("save").addEventListener("click", asked("save", save));
  Files.opened(get("open"), (text) => {
    wanted = false;
    get("script").value = text;
  });
  get("trace").addEventListener("click", () => Wand.order("script", { why: "trace" }));

  return {
    update, journal, script, read, clear,
    csv: (text) => Files.download(text, "wand-journal.csv", "text/csv"),
    record: () => { wanted = true; }, // what follows is recorded and shown
  };
})();
