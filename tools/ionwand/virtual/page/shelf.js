// The catalogue in the page's second half: edited as text, checked as the host does, sent and read.

const Shelf = (() => {
  const { t, said, put, figure } = Texts;
  const get = (id) => document.getElementById(id);
  const text = (english) => english; // is translated where it is shown
  const field = get("products");
  let verdicts = []; // of the last check
  let known = []; // precautions

  const table = () => Desk.toml(field.value);

  function checked(entries) {
    verdicts = entries;
    const body = get("products-checked").tBodies[0];
    body.textContent = "";
    for (const one of entries) {
      const row = body.insertRow();
      for (const cell of [one.number, `${one.name} (${one.id})`, t("roller {0}, {1} µA, {2} mA·min", one.sign, one.ua, figure(one.dose.toFixed(2))),
        t("{0}: {1}", one.weak ? t("weak") : t("good"), figure(said(one.words)))]) row.insertCell().textContent = cell;
      row.classList.toggle("weak", one.weak);
    }
    return entries.length;
  }

  function fill(toml, english, ...values) {
    field.value = toml;
    put(get("products-said"), english, ...values);
  }
  const builtin = () => fill(Desk.carried.catalogue, "In the field: the built-in catalogue.");

  async function check() {
    const count = checked((await Desk.follow(null, "check", { table: table() })).value);
    return [text("{0} products, all accepted."), count];
  }
  async function pull(line) {
    const { value } = await Desk.follow(line, "pull");
    field.value = value.text;
    return [text("In the field: catalogue no. {0} of this wand."), value.sequence];
  }
  async function push(line) {
    await check();
    get("precautions").open = true;
    if (!get("known").checked) {
      get("known").focus();
      throw Object.assign(new Error(t("Read the precautions and say that they are known; then send.")), { name: "Refused" });
    }
    const { value } = await Desk.follow(line, "push", { table: table() });
    checked(value.checked);
    return [text("The wand keeps {0} products: catalogue no. {1}."), value.count, value.sequence];
  }

  function precautions() {
    get("precaution-list").replaceChildren(...known.map((one) => Object.assign(document.createElement("li"), { textContent: t(one) })));
  }

  // `work` and `line()`: of cable.js, which has the wand.
  function begin(work, line) {
    const product = (doing, job) => work(doing, async () => {
      put(get("products-said"), "");
      put(get("products-said"), ...(await job(line())));
    }, "products-error");
    get("products-pull").addEventListener("click", () => product("Reading the catalogue.", pull));
    get("products-check").addEventListener("click", () => product("", check));
    get("products-push").addEventListener("click", () => product("Sending the catalogue.", push));
    get("products-builtin").addEventListener("click", builtin);
    get("products-save").addEventListener("click", () => Files.download(field.value, "catalogue.toml", "text/plain"));
    Files.opened(get("products-open"), (toml) => fill(toml, ""));
    Texts.change(() => {
      checked(verdicts);
      precautions();
    });
    builtin();
  }

  return { begin, show: () => Desk.ready().then((lines) => { known = lines; precautions(); }) };
})();
