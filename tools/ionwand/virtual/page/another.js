// Another product while a person is treated: asked first, then stopped as by a press, and kept in
// the journal before the wand shows the other product. In a fault there is no other product, as on
// the wand itself: what is latched stays.

const Another = (() => {
  const get = (id) => document.getElementById(id);
  const WRITTEN_S = 8; // current falls, the journal is written; a session without any leaves none
  let wanted = null; // {product, sessions, t}
  let asked = null;
  let take = () => {};
  const shown = () => Wand.now.catalogue[Wand.now.frame.product].id;

  function ask(product) {
    const { catalogue } = Wand.now;
    asked = product;
    Texts.put(get("another-title"), "Stop the treatment for another product?");
    Texts.put(get("another-text"), "The current falls to zero and the journal keeps what was given. Then the wand shows {0}.",
      catalogue.find(({ id }) => id === product).name);
    get("product").value = shown();
    get("another").showModal();
  }

  function answer() {
    const { frame, pace } = Wand.now;
    if (get("another").returnValue !== "stop" || !frame) return;
    wanted = { product: asked, sessions: frame.sessions, t: frame.t };
    if (Readout.inSession(frame.state)) Wand.act("press_s", 0.2);
    if (!pace.running) Wand.order("go");
  }

  function refuse() {
    get("product").value = shown();
    Texts.put(get("product-said"), "In a fault the wand shows no other product: put the fault right first, or take a new wand.");
  }

  function update(frame) {
    if (frame.state === "fault") wanted = null;
    else if (get("product-said").textContent) Texts.put(get("product-said"), "");
    if (!wanted || Readout.inSession(frame.state)) return;
    if (frame.sessions === wanted.sessions && frame.t < wanted.t + WRITTEN_S) return;
    const { product } = wanted;
    wanted = null;
    take(product);
  }

  // `then(product)`: the wand shows it.
  function begin(then) {
    take = then;
    get("product").addEventListener("change", (event) => {
      const { frame } = Wand.now; // where a script is over, time stands still for ever
      if (frame?.state === "fault") refuse();
      else if (frame && !frame.over && Readout.inSession(frame.state)) ask(event.target.value);
      else then(event.target.value);
    });
    get("another").addEventListener("close", answer);
  }

  return { begin, update };
})();
