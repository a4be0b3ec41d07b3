// The first time: seven steps in the order of docs/operation.md, each done when the wand says so.

const Tour = (() => {
  const get = (id) => document.getElementById(id);
  const STEPS = [
    ["Choose the product", "Choose it in the list, or by short presses: the light and the beeper count out its number."],
    ["Arm, off the skin", "Roller off the skin. Hold the wand's button, or the space bar, for 1.5 s and let go: the wand tests its own cut-off."],
    ["Touch", "It beeps and asks for skin. Put the roller on: drag the wand down, or press T."],
    ["Move slowly", "Drag the wand slowly to and fro. A steady light with one wink is good contact; more winks want more gel or a flatter roller."],
    ["Lift", "Lift it whenever you like: the current is off at once, time and dose stand still. Then touch again."],
    ["Stop", "Any press stops it. Or let time run faster, at 20×, and see the whole dose."],
    ["Over", "Lift the wand and wait for the slow light: the journal is written then. A short press shows the product again."],
  ];
  const BY_HAND = [0, 3]; // steps that only the person can say are done
  let at = -1; // -1: no tour
  let lifted = false; // in this tour

  function show() {
    get("tour").hidden = at < 0;
    if (at < 0) return;
    const [title, text] = STEPS[at];
    Texts.put(get("tour-title"), title);
    Texts.put(get("tour-text"), text);
    get("tour-count").textContent = `${at + 1}/${STEPS.length}`;
    get("tour-next").hidden = !BY_HAND.includes(at);
    Texts.put(get("tour-end"), at === STEPS.length - 1 ? "End the tour" : "No tour");
  }

  function go(to) {
    if (to === at) return;
    at = to;
    show();
  }

  // What the wand does says how far one is; a refusal or a fault explains itself and waits.
  function update({ state }) {
    if (at < 0) return;
    if (["ready", "proving"].includes(state)) lifted = false;
    if (["done", "stopping"].includes(state)) go(6);
    else if (state === "lifted") {
      lifted = true;
      go(4);
    } else if (["ramping", "treating"].includes(state)) go(lifted ? 5 : Math.max(at, 3));
    else if (state === "contact") go(2);
    else if (state === "proving") go(1);
    else if (state === "ready" && at > 1) go(at === 6 ? 6 : 1);
  }

  function end() {
    go(-1);
    try { localStorage.setItem("wand-toured", "yes"); } catch { /* a page from disk may keep nothing */ }
    get("tour-begin").focus();
  }

  get("tour-next").addEventListener("click", () => go(at + 1));
  get("tour-end").addEventListener("click", end);
  get("tour-begin").addEventListener("click", () => {
    go(0);
    get("tour").scrollIntoView({ block: "nearest" });
  });
  Texts.change(show);
  let kept = null;
  try { kept = localStorage.getItem("wand-toured"); } catch { /* likewise */ }
  if (!kept) go(0);

  return { update };
})();
