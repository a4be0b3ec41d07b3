// A frame of the wand in words and numbers; the page is touched only where something changes.

const Readout = (() => {
  const { STATES, ENDS, MARKS, name, sentence, time, milliampMinutes } = Words;
  const { t, figure } = Texts;
  const { now } = Wand;
  const get = (id) => document.getElementById(id);
  const shown = new Map();
  let state = "";
  let lit = ""; // what the light means
  // What comes next, in the order of docs/operation.md: off the skin first, then the button.
  const NEXT = { ready: "arm", contact: "contact", lifted: "contact", done: "short", refused: "short", asleep: "short", fault: "clear" };
  const STEPS = { ready: 2, proving: 2, contact: 3, ramping: 4, treating: 4, lifted: 4, stopping: 4, done: 5 };
  const SESSION = ["proving", "contact", "ramping", "treating", "lifted", "stopping"];
  const WAITING = ["selftest", "ready", "asleep"];
  const CURRENT = ["contact", "ramping", "treating", "stopping"];

  function show(id, text) {
    if (shown.get(id) === text) return;
    shown.set(id, text);
    get(id).textContent = text;
  }
  const say = (text) => { get("live").textContent = text; };
  const told = []; // what happened, to write it again in another language
  const stated = (to, at) => (STATES[to] ? t(STATES[to][at]) : "");
  const ended = (why) => (ENDS[why] ? t(ENDS[why]) : name(why));

  const early = (to, why) => to === "done" && why !== "complete";

  function entry([seconds, to, why]) {
    const item = document.createElement("li");
    if (early(to, why)) to = "ended";
    item.className = to;
    item.innerHTML = `<time>${figure(time(seconds, 2))}</time><b></b><span class="why"></span>`;
    item.querySelector("b").textContent = stated(to, 0);
    item.querySelector(".why").textContent = why ? (to === "fault" ? name(why) : ended(why)) : "";
    get("log").prepend(item);
  }

  function log(happened) {
    const [, to, why] = happened;
    told.push(happened);
    entry(happened);
    if (to === "fault") get("alarm").textContent = `${t("Fault: {0}", name(why))}. ${sentence(t(Wand.words[why]))}${t("The output is off.")}`;
    else get("alarm").textContent = ""; // the same fault again is said again
    if (to !== "fault") say(`${stated(early(to, why) ? "ended" : to, 0)}. ${why ? ended(why) : stated(to, 1)}`);
  }

  const empty = ({ state, low }) => state === "ready" && low;

  function explain(value) {
    const [title, hint] = STATES[value.state].map((text) => t(text));
    const patch = value.full_uc !== now.catalogue[value.product].dose_uc;
    if (value.over && CURRENT.includes(value.state)) {
      return [title, t("The script ends here, in the middle of a session: time stands still. New wand, or Replay.")];
    }
    if (value.over) {
      const met = now.job.expect_end === (value.state === "fault" ? value.first : value.end);
      return [title, met ? t("The script is over, and ended as it expects. New wand, or Replay.") : t("The script is over. New wand, or Replay.")];
    }
    if (value.state === "fault") {
      const help = value.permanent ? t("Permanent: it wants a technician. New wand starts afresh.") : t("Mend the cause, then hold the button for 3 s.");
      if (value.first === "dummy_reading" && value.contact) {
        return [t("Lift the roller"), t("It was on the skin while the wand tested itself, which must be done without. Lift it, then hold the button for 3 s.")];
      }
      return [t("Fault: {0}", name(value.first)), sentence(t(Wand.words[value.first])) + help];
    }
    if (["selftest", "proving"].includes(value.state) && value.contact) {
      return [t("Lift the roller"), t("The wand tests itself and waits until nobody touches; it asks for the skin itself.")];
    }
    if (value.state === "ready" && value.contact) {
      return [t("Lift the roller"), t("The wand tests itself without skin. Lift first, then hold the button; it asks for the skin itself.")];
    }
    if (empty(value)) {
      return [t("Battery empty"), t("Charge it first; then unplug the charger. A session would be refused.")];
    }
    if (value.state === "done" && value.end === "complete" && patch) {
      return [t("Patch test over"), t("Lift the wand. Wait and look at the skin, as the product's maker says, before anything else; then press once for the treatment.")];
    }
    if (value.state === "done" && value.end !== "complete") {
      const given = t("{0} of {1} mA·min were delivered.", milliampMinutes(value.dose, 3), milliampMinutes(value.full_uc, 3));
      return [t(STATES.ended[0]), `${ended(value.end)} ${given}`];
    }
    if (value.state === "ready" && value.patch && patch) {
      return [title, t("Its patch test comes first: hold the button for 1.5 s to arm it. A short press declines it.")];
    }
    if (value.state === "done" || value.state === "refused") return [title, ended(value.end)];
    return [title, hint];
  }

  // True where the state is another one than before.
  function update(value, product) {
    const another = state !== value.state;
    const [title, hint] = explain(value);
    if (another) {
      state = value.state;
      const shape = early(state, value.end) ? "ended" : state;
      get("state").dataset.state = state;
      get("state").classList.toggle("early", shape === "ended");
      get("mark").setAttribute("d", MARKS[shape]);
    }
    show("state-name", title);
    show("hint", hint);
    show("clock", figure(time(value.t)));
    const { running, speed } = now.pace;
    show("pace", running ? (speed ? t("{0}× real", figure(speed.toFixed(1))) : "") : value.over ? t("over") : t("paused"));
    show("pause", running ? t("Pause") : t("Go on"));
    show("contact", value.contact ? t("Lift") : t("Put on skin"));
    show("short", SESSION.includes(value.state) ? t("Press: stop") : t("Short press"));
    if (get("product").value !== product.id && document.activeElement !== get("product")) get("product").value = product.id;
    lead(value);
    numbers(value);
    showLight(value.light);
    return another;
  }

  // The button that comes next stands first; the steps say where we are.
  function lead(value) {
    const none = (value.state === "fault" && value.permanent) || empty(value); // no press helps
    const next = none ? "" : value.contact && !["ramping", "treating"].includes(value.state) ? "contact" : NEXT[value.state] ?? "short";
    const id = `${next} ${value.state} ${value.contact}`;
    if (shown.get("lead") === id) return;
    shown.set("lead", id);
    for (const button of document.querySelectorAll("#acts button")) button.classList.toggle("primary", button.dataset.is === next);
    get("acts").dataset.state = value.state;
    const at = value.state === "ready" && value.contact ? 1 : STEPS[value.state] ?? 0;
    [...get("steps").children].forEach((item, i) => {
      if (i + 1 === at) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
    });
  }

  function numbers(value) {
    show("n-i", figure(value.i.toFixed(1)));
    show("n-set", figure(value.set.toFixed(1)));
    show("n-z", value.z && value.set > 0 ? figure((value.z / 1000).toFixed(1)) : "–");
    show("n-v", figure((value.mv / 1000).toFixed(2)));
    show("touched", value.touch_nc ? t("· largest charge at a touch: {0} nC", figure(value.touch_nc.toFixed(3))) : "");
    const given = WAITING.includes(value.state) ? 0 : value.dose; // the last session's is over
    show("n-dose", milliampMinutes(given, 3));
    show("n-full", milliampMinutes(value.full_uc, 3));
    Charts.setTarget(value.full_uc / 60000);
    // What ends by time, as a patch test, is whole without the ramps' last hundredths.
    const whole = value.state === "done" && value.end === "complete";
    const share = whole ? 1 : Math.min(1, given / value.full_uc);
    get("bar").firstElementChild.style.transform = `scaleX(${share.toFixed(4)})`;
    const percent = String(Math.round(share * 100));
    if (get("bar").getAttribute("aria-valuenow") !== percent) get("bar").setAttribute("aria-valuenow", percent);
  }

  function showLight([key, meaning, steps, colours]) {
    const id = key + steps;
    if (shown.get("rhythm") === id) return;
    shown.set("rhythm", id);
    const cycle = steps.length ? [...steps] : [1];
    const whole = cycle.reduce((sum, ms) => sum + ms, 0);
    const turns = whole < 3900 ? Math.max(1, Math.round(4000 / whole)) : 1;
    get("rhythm").innerHTML = Array.from({ length: turns }, () => cycle.map((ms, i) => {
      const colour = i % 2 ? "transparent" : colours[ms >= 300 ? 0 : 1];
      return `<i class="${i % 2 ? "" : "on"}" style="width:${(ms / whole / turns) * 100}%;background:${colour}"></i>`;
    }).join("")).join("");
    lit = meaning;
    interpret();
  }

  function interpret() {
    const code = state === "fault" || state === "refused";
    if (!lit) show("meaning", t("The light counts: the product's number, or the battery's quarters."));
    else show("meaning", code ? t("The light says: the code of “{0}”.", Texts.said(lit)) : t("The light says: {0}.", t(lit)));
  }

  function clear() {
    state = "";
    get("log").textContent = "";
    get("alarm").textContent = "";
    told.length = 0;
  }

  Texts.change(() => {
    get("log").textContent = "";
    told.forEach(entry);
    if (now.frame) interpret();
  });

  return { show, log, update, clear, state: () => state, inSession: (one) => SESSION.includes(one) };
})();
