// A wand in the page that waits for its story: time stands still after each change of state.
//
// The page's time is the wall's. On a busy machine a story would come too late to see a state of
// a second, or to put the roller on in time; so it has to say that the wand may go on.

// Goes behind worker.js. A story says how many changes it has seen: one that is still on its way
// to it stops the wand all the same.
const WAITS = `
{
  const tell = self.postMessage.bind(self);
  let changes = 0;
  let waits = true;
  self.postMessage = (message) => {
    if (message.is === "frame" && message.value.log.length) {
      changes += message.value.log.length;
      if (waits) message.running = running = false;
    }
    tell(message);
  };
  orders.next = ({ seen }) => { if (seen === changes) go(); };
  orders.free = () => { waits = false; go(); };
}
`;

export async function install(page) {
  await page.addInitScript((waits) => {
    const story = { states: [], seen: 0, thread: null };
    const { Blob: PlainBlob, Worker: PlainWorker } = window;
    window.story = story;
    window.Blob = class extends PlainBlob {
      constructor(parts, options) {
        super(String(parts[0]).includes("const orders = {") ? [...parts, waits] : parts, options);
      }
    };
    window.Worker = class extends PlainWorker {
      constructor(url) {
        super(url);
        this.addEventListener("message", ({ data }) => {
          if (data.is !== "frame") return;
          story.thread = this;
          story.states.push(...data.value.log.map(([, state]) => state));
          story.seen += data.value.log.length;
        });
      }
    };
  }, WAITS);
}

// True once the wand has come to one of these states since the last one that was waited for; then
// it stands still there, and the page shows it. For waitForFunction.
export const come = (wanted) => {
  const { story } = window;
  while (story.states.length && !story.found) story.found = wanted.includes(story.states.shift());
  if (!story.found) {
    story.thread?.postMessage({ do: "next", seen: story.seen });
    return false;
  }
  const shown = document.getElementById("state").dataset.state === virtualWand.frame().state;
  if (shown) story.found = false;
  return shown;
};

// From here on time runs as the wall's does.
export const free = () => window.story.thread.postMessage({ do: "free" });
