// A session's report, from the host's own template, and the journal as files.

const Papers = (() => {
  const { t } = Texts;
  const get = (id) => document.getElementById(id);
  const template = new nunjucks.Template(
    Desk.carried.template, new nunjucks.Environment(null, { autoescape: true, trimBlocks: true, lstripBlocks: true }), null, true,
  );
  const KEPT = "wand-clinic"; // what was chosen last
  let name = "";
  let clinic = {};

  function show(fields) {
    name = `wand-session-${fields.number}.html`;
    get("report").hidden = false;
    get("report-page").srcdoc = template.render({ ...fields, clinic, language: Texts.language(), t });
    get("report").scrollIntoView({ block: "nearest" });
    get("report-print").focus();
  }

  function csv(sessions) { // as `ionwand journal pull` writes it: one row a point
    const field = (value) => (/[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : value);
    const fields = Object.keys(sessions[0]).filter((key) => key !== "series");
    const rows = [[...fields, "t_s", "set_ua", "delivered_ua", "z_ohm"]];
    for (const one of sessions) {
      const fixed = fields.map((key) => one[key]);
      const points = one.series.length ? one.series : [["", "", ""]];
      points.forEach((point, index) => rows.push([...fixed, (index + 1) * one.interval_s, ...point]));
    }
    return rows.map((row) => row.map(field).join(",")).join("\n") + "\n";
  }

  const read = (file) => new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(file);
  });

  // A clinic's file, with its logo beside it; checked as `--clinic` does.
  async function letterhead(files) {
    const toml = files.find((file) => file.name.toLowerCase().endsWith(".toml"));
    if (!toml) throw new Error(t("Choose the clinic's TOML file, and its logo together with it."));
    const sizes = Object.fromEntries(files.map((file) => [file.name, BigInt(file.size)]));
    const { value } = await Desk.follow(null, "clinic", { table: Desk.toml(await toml.text()), sizes });
    const logo = files.find((file) => file.name === value.logo);
    return { ...value, logo: logo ? await read(logo) : "" };
  }

  function head(found) {
    clinic = found;
    Texts.put(get("clinic-said"), found.name || found.address ? "On every report: {0}." : "", [found.name, found.address].filter(Boolean).join(", "));
  }

  get("clinic").addEventListener("change", async (event) => {
    const files = [...event.target.files];
    event.target.value = "";
    get("clinic-error").textContent = "";
    if (!files.length) return;
    try {
      head(await letterhead(files));
      localStorage.setItem(KEPT, JSON.stringify(clinic));
    } catch (error) {
      if (error.name !== "QuotaExceededError" && error.name !== "SecurityError") get("clinic-error").textContent = Texts.said(error.message);
    }
  });
  try { head(JSON.parse(localStorage.getItem(KEPT) ?? "{}")); } catch { /* a page from disk may keep nothing */ }

  function fit() { // all of it, so that nothing scrolls within what scrolls
    const inside = get("report-page").contentDocument?.documentElement;
    if (inside && !get("report").hidden) get("report-page").style.height = `${inside.scrollHeight + 4}px`;
  }

  get("report-page").addEventListener("load", fit);
  window.addEventListener("resize", fit);
  get("report-print").addEventListener("click", () => get("report-page").contentWindow.print());
  get("report-save").addEventListener("click", () => Files.download(get("report-page").srcdoc, name, "text/html"));
  get("report-close").addEventListener("click", () => { get("report").hidden = true; });
  get("sessions-csv").addEventListener("click", () => Files.download(csv(Desk.everything()), "wand-journal.csv", "text/csv"));
  get("sessions-json").addEventListener("click", () => Files.download(JSON.stringify(Desk.everything(), null, 1), "wand-journal.json", "application/json"));

  return { show };
})();
