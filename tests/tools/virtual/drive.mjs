// Plays one story in the page, in real headless Chromium, and prints what it saw as JSON.
//
//   node drive.mjs PAGE.html CHROMIUM OUT_DIR STORY [ARGUMENT]
//
// test_page.py judges; here and in stories_*.mjs are clicks and waiting only. Waits are for states, never for times: the
// wand stands still in each until its story goes on (patience.mjs).

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

import { come, free, install } from "./patience.mjs";
import { reading } from "./stories_reading.mjs";
import { records } from "./stories_records.mjs";
import { treatments } from "./stories_treatments.mjs";

const [html, chromium, out, story, argument] = process.argv.slice(2);
const require = createRequire(new URL("../../../tools/ionwand/virtual/page/package.json", import.meta.url));
const LATE_MS = Number(process.env.IONWAND_HOST_LATE_MS ?? 0); // to try what the stories assume: tools/proof/host_time.py
const PATIENT = { timeout: 600_000, polling: 50 + LATE_MS };

const browser = await require("playwright-core").chromium.launch({
  executablePath: chromium, args: ["--no-sandbox", "--disable-dev-shm-usage"],
});
const context = await browser.newContext({
  viewport: { width: 1500, height: 1000 }, acceptDownloads: true, offline: true,
  reducedMotion: argument === "still" ? "reduce" : "no-preference",
  locale: { de: "de-DE", fr: "fr-FR" }[argument] ?? "en-US",
});
const page = await context.newPage();
await install(page);
const complaints = [];
page.on("console", (message) => {
  if (["error", "warning"].includes(message.type())) complaints.push(message.text());
});
page.on("pageerror", (error) => complaints.push(String(error)));
page.on("request", (request) => {
  if (!/^(file|blob|data):/.test(request.url())) complaints.push(`asked for ${request.url()}`);
});

const frame = () => page.evaluate(() => virtualWand.frame());
const until = (...states) => page.waitForFunction(come, states, PATIENT);
const run = () => page.evaluate(free);
const speed = (times) => page.locator(`#speed input[value="${times}"]`).click({ force: true });
const press = (seconds) => page.click(`[data-press="${seconds}"]`);
const after = (seconds) => page.waitForFunction(
  (t) => virtualWand.frame().t >= t || virtualWand.frame().over, seconds, PATIENT,
);
const everything = () => page.click("#expert"); // faults, guard, script
const texts = (...ids) => page.evaluate(
  (names) => Object.fromEntries(names.map((id) => [id, document.getElementById(id).textContent])), ids,
);
const picture = (name) => page.screenshot({ path: `${out}/${name}.png`, fullPage: true });

async function treating() {
  await until("ready");
  await press("1.8");
  await until("contact");
  await page.click("#contact");
  await until("treating");
}

async function download(click) {
  const [file] = await Promise.all([page.waitForEvent("download", PATIENT), click()]);
  return readFileSync(await file.path(), "utf8");
}

const hand = {
  after, argument, download, everything, frame, out, page, picture,
  press, run, speed, texts, treating, until, PATIENT, require,
};
const stories = { ...treatments(hand), ...records(hand), ...reading(hand) };

try {
  await page.goto(pathToFileURL(html).href);
  if (!["access", "lift", "tour", "keyboard"].includes(story)) await everything();
  const seen = await stories[story]();
  console.log(JSON.stringify({ ...seen, complaints }));
} catch (error) {
  await picture(`virtual-${story}-failed`).catch(() => {});
  console.log(JSON.stringify({ failed: String(error), complaints }));
  process.exitCode = 1;
} finally {
  await browser.close();
}
