// The page's second half in real Chromium, with a wand behind a PTY, and what it saw as JSON.
//
//   node drive_cable.mjs PAGE.html CHROMIUM OUT_DIR STORY PTY [ARGUMENT]
//
// test_cable.py judges; here are clicks and waiting only. Waits are for states, never for times.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { bridge } from "./serial_bridge.mjs";
import { walk } from "./walk.mjs";

const [html, chromium, out, story, path, argument] = process.argv.slice(2);
const require = createRequire(new URL("../../../tools/ionwand/virtual/page/package.json", import.meta.url));
const PATIENT = { timeout: 300_000, polling: 50 };
const USB = [0x2e8a, 0x0005];

const browser = await require("playwright-core").chromium.launch({
  executablePath: chromium, args: ["--no-sandbox", "--disable-dev-shm-usage"],
});
const complaints = [];
const context = await browser.newContext({
  viewport: { width: 1400, height: 900 }, acceptDownloads: true, offline: true, reducedMotion: "reduce",
});
const state = { held: null };

async function tab(usb = USB) {
  const made = await bridge(context, path, usb, state);
  const { page } = made;
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(pathToFileURL(html).href);
  await page.click("#to-cable");
  return made;
}
const first = await tab();
const { page } = first;
const text = (id, where = page) => where.textContent(`#${id}`);
const idle = (where = page) => where.waitForFunction(() => !cable.busy(), null, PATIENT);
const picture = (name, where = page) => where.screenshot({ path: `${out}/${name}.png`, fullPage: true });
async function press(id, where = page) {
  await where.click(`#${id}`);
  await idle(where);
}
async function download(click) {
  const [file] = await Promise.all([page.waitForEvent("download", PATIENT), click()]);
  return readFileSync(await file.path(), "utf8");
}
async function seen(where = page) {
  const ids = ["cable-state", "cable-error", "cable-status", "cable-faults", "cable-patched", "firmware-slots",
    "firmware-carried", "sessions", "sessions-note", "products-error", "products-said", "products-checked"];
  return Object.fromEntries(await Promise.all(ids.map(async (id) => [id, await text(id, where)])));
}

const stories = {
  async whole() {
    await press("connect");
    const connected = await seen();
    await picture("cable-connected");
    const logo = { name: "l.svg", mimeType: "image/svg+xml", buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') };
    const clinic = { name: "c.toml", mimeType: "text/plain", buffer: Buffer.from('name = "Market <i>"\nlogo = "l.svg"\nlines = ["Next time"]') };
    const wait = (id) => page.waitForFunction((one) => document.getElementById(one).textContent, id, PATIENT);
    await page.setInputFiles("#clinic", [clinic]);
    await wait("clinic-error");
    const alone = await text("clinic-error");
    await page.setInputFiles("#clinic", [clinic, logo]);
    await wait("clinic-said");
    await page.fill("#reference", "A-1 <b>");
    await page.click("#sessions tbody button >> nth=0");
    await idle();
    const report = await page.frameLocator("#report-page").locator("body").textContent();
    await page.waitForFunction(() => !document.getElementById("report").hidden);
    await page.waitForFunction(() => {
      const frame = document.getElementById("report-page");
      return frame.clientHeight >= frame.contentDocument.documentElement.scrollHeight - 1;
    }, null, PATIENT); // all of it is seen
    await picture("cable-report");
    const csv = await download(() => page.click("#sessions-csv"));
    const html = await download(() => page.click("#report-save"));
    const paper = await context.newPage();
    await paper.setContent(html);
    const sheets = String(await paper.pdf({ preferCSSPageSize: true })).match(/\/Type\s*\/Page\b/g).length;
    await paper.close();
    await page.click("#report-close");
    await page.fill("#products", readFileSync(argument, "utf8"));
    await press("products-push");
    const refused = await text("products-error");
    await page.check("#known");
    await press("products-push");
    const pushed = await seen();
    await press("products-pull");
    const pulled = await page.inputValue("#products");
    await picture("cable-catalogue");
    await press("status");
    const status = await text("cable-status");
    await press("disconnect");
    return { alone, connected, report, csv, html, sheets, refused, pushed, pulled, status, left: await text("cable-state") };
  },
  async update() {
    await press("connect");
    const before = await text("firmware-slots");
    const began = Date.now();
    await page.click("#update");
    let most = 0;
    while (await page.evaluate(() => cable.busy())) {
      most = Math.max(most, Number(await page.getAttribute("#firmware-bar", "aria-valuenow")));
      await page.waitForTimeout(20);
    }
    const ms = Date.now() - began;
    const after = await seen();
    await picture("cable-update");
    await press("update");
    const again = await text("firmware-slots");
    await press("rollback");
    const back = await seen();
    await press("disconnect");
    return { before, after, again, back, most, ms, sent: first.written };
  },
  // ARGUMENT: {"button": …, "bytes": …}. The cable is pulled so many bytes after that press.
  async pulled() {
    const { button, bytes } = JSON.parse(argument);
    if (button === "connect") first.pullAfter(bytes);
    await press("connect");
    if (button !== "connect") {
      if (button === "products-push") {
        await page.click("#precautions summary");
        await page.check("#known");
      }
      first.pullAfter(bytes);
      await press(button);
    }
    const lost = await seen();
    return { lost, connected: await page.isVisible("#disconnect") };
  },
  // A session that a fault has ended: what its black box says.
  async black_box() {
    await press("connect");
    await page.click("#sessions tbody button >> nth=1");
    await idle();
    const told = await text("box-told");
    const drawn = () => page.evaluate(() => [...document.querySelectorAll("#box canvas")].map((one) => {
      const { data } = one.getContext("2d").getImageData(0, 0, one.width, one.height);
      return data.filter((_, at) => at % 4 === 3).reduce((count, alpha) => count + (alpha > 0), 0);
    }));
    const whole = await drawn();
    await picture("cable-box");
    await page.locator('#box-span input[value="near"]').click({ force: true });
    const near = await drawn();
    await picture("cable-box-near");
    const csv = await download(() => page.click("#box-csv"));
    await page.selectOption("#language", "de");
    const german = await text("box-told");
    await press("disconnect");
    return { told, german, csv, whole, near };
  },
  async two_tabs() {
    await press("connect");
    const second = await tab();
    await press("connect", second.page);
    const refused = await seen(second.page);
    await press("disconnect");
    await press("connect", second.page);
    const taken = await seen(second.page);
    await press("disconnect", second.page);
    return { refused, taken };
  },
  async not_a_wand() {
    await press("connect");
    return { ...(await seen()), held: Boolean(state.held) };
  },
  async idle_pull() {
    await press("connect");
    await first.pull();
    await page.waitForFunction(() => document.getElementById("cable-error").textContent, null, PATIENT);
    return seen();
  },
  // ARGUMENT: catalogues, one a line as JSON text; no wand is asked.
  async checks() {
    const found = [];
    for (const catalogue of JSON.parse(argument)) {
      await page.fill("#products", catalogue);
      await press("products-check");
      found.push(await seen());
    }
    return { found };
  },
  async looks() {
    await press("connect");
    await press("products-check");
    const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
    await page.evaluate(axe);
    const found = {};
    for (const [width, height, scheme] of [[1400, 900, "light"], [1400, 900, "dark"], [390, 844, "light"], [390, 844, "dark"]]) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme: scheme });
      await picture(`cable-${width}-${scheme}`);
      const { violations } = await page.evaluate(() => axe.run());
      found[`${width} ${scheme}`] = violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
    }
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    const highest = await page.evaluate(() => Math.max(...[...document.querySelectorAll("#products-checked tr")].map((row) => row.clientHeight)));
    const walked = await walk(page);
    await press("disconnect");
    return { found, wide, highest, walked };
  },
};

try {
  const told = await stories[story]();
  console.log(JSON.stringify({ ...told, complaints }));
} catch (error) {
  await picture(`cable-${story}-failed`).catch(() => {});
  console.log(JSON.stringify({ failed: String(error), complaints, seen: await seen().catch(() => null) }));
  process.exitCode = 1;
} finally {
  await browser.close();
  process.exit();
}
