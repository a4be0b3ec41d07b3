// Plays one story in the page, in real headless Chromium, and prints what it saw as JSON.
//
//   node drive.mjs PAGE.html CHROMIUM OUT_DIR STORY [ARGUMENT]
//
// test_page.py judges; here are clicks and waiting only. Waits are for states, never for times: the
// wand stands still in each until its story goes on (patience.mjs).

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

import { come, free, install } from "./patience.mjs";
import { reach, walk } from "./walk.mjs";

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

const stories = {
  // Button held with the pointer, as a person would; the whole dose; the session's script.
  // ARGUMENT: the product's id, chosen in the list.
  async treatment() {
    await until("ready");
    await picture("virtual-ready");
    await page.selectOption("#product", argument);
    await page.waitForFunction((id) => document.querySelector("#product").value === id, argument);
    await until("selftest");
    await until("ready");
    const key = await page.locator("#key .cap").boundingBox();
    await page.mouse.move(key.x + key.width / 2, key.y + key.height / 2);
    await page.mouse.down();
    await until("proving", "contact");
    await page.mouse.up();
    await until("contact");
    await page.click("#contact");
    await until("treating");
    await speed(20);
    await run();
    await page.waitForFunction(() => virtualWand.frame().dose > 3_000, null, PATIENT);
    await picture("virtual-treating");
    await page.evaluate(() => Object.assign(virtualWand.counted, { frames: 0, since: performance.now(), least: Infinity }));
    const from = { t: (await frame()).t, wall: Date.now() };
    await until("done");
    const to = { t: (await frame()).t, wall: Date.now() };
    const pace = ((to.t - from.t) * 1000) / (to.wall - from.wall);
    const counted = await page.evaluate(() => virtualWand.counted);
    return {
      frame: await frame(), pace, counted, points: await page.evaluate(() => virtualWand.points()),
      ...(await texts("hint", "log", "touched")), script: await download(() => page.click("#save")),
    };
  },
  // Dragged off the skin and on again, by keys as well; then stopped with the space bar.
  async lift() {
    await treating();
    const wand = await page.locator("#wand circle").first().boundingBox();
    const [x, y] = [wand.x + wand.width / 2, wand.y + wand.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x, y - 60, { steps: 4 });
    await page.mouse.up();
    await until("lifted");
    const lifted = { frame: await frame(), ...(await texts("live", "contact", "short")) };
    await picture("virtual-lifted");
    await page.keyboard.press("t");
    await until("ramping");
    await until("treating");
    await page.keyboard.down(" ");
    await until("stopping");
    await page.keyboard.up(" ");
    await until("done");
    return { lifted, frame: await frame(), ...(await texts("hint", "log")) };
  },
  async over_current() {
    await treating();
    await page.locator("#fault-rset_short").click({ force: true });
    await until("fault");
    await page.waitForFunction(() => document.getElementById("alarm").textContent);
    await picture("virtual-fault");
    await page.selectOption("#product", "magnesium");
    await page.waitForFunction(() => document.getElementById("product-said").textContent);
    const kept = { product: await page.inputValue("#product"), ...(await texts("product-said")) };
    return { kept, frame: await frame(), ...(await texts("state-name", "alarm", "verdict", "hint")) };
  },
  // A wand that was never used: the patch test it offers is stopped; then what the journal says.
  async journal() {
    await until("ready");
    await page.locator("#new").click({ force: true });
    await until("selftest");
    await until("ready");
    await page.waitForFunction(() => document.getElementById("hint").textContent.includes("patch test"));
    await press("1.8");
    await until("contact");
    await page.click("#contact");
    await until("treating");
    await press("0.2");
    await until("done");
    await run();
    await page.waitForFunction(() => !document.getElementById("journal-csv").disabled, null, PATIENT);
    await picture("virtual-journal");
    const csv = await download(() => page.click("#journal-csv"));
    await page.selectOption("#product", "magnesium");
    await until("selftest");
    await page.waitForFunction(() => virtualWand.frame().sign > 0, null, PATIENT);
    return { csv, frame: await frame(), ...(await texts("journal")), script: await page.inputValue("#script") };
  },
  // ARGUMENT: a script. Its text is replayed, then its trace is taken.
  async replay() {
    await until("ready");
    await page.fill("#script", readFileSync(argument, "utf8"));
    await page.click("#replay");
    await speed(20);
    await run();
    await page.waitForFunction(() => virtualWand.frame().over, null, PATIENT);
    const trace = await download(() => page.click("#trace"));
    return { frame: await frame(), trace, ...(await texts("hint", "script-error")) };
  },
  // What was played live, run again from its own script: the same session.
  async again() {
    await treating();
    await page.locator('#skins input[value="dry"]').click({ force: true });
    await run();
    await after(14);
    await page.click("#contact");
    await page.click("#pause");
    await page.waitForFunction(() => !virtualWand.pace().running, null, PATIENT);
    const live = await frame();
    return { live, trace: await download(() => page.click("#trace")) };
  },
  // ARGUMENT: a script. The picture for the README, after its first 110 s.
  async portrait() {
    await until("ready");
    await page.click("#tour-end");
    await page.setViewportSize({ width: 1500, height: 1010 });
    await page.fill("#script", readFileSync(argument, "utf8"));
    await page.click("#replay");
    await speed(20);
    await run();
    await after(112);
    await page.mouse.move(2, 2);
    await speed(1);
    const lit = () => page.evaluate(() => virtualWand.frame().rgb === 0x00ff00 && virtualWand.pace().speed < 1.2);
    for (let tries = 0; tries < 20; tries++) {
      const before = await lit();
      await page.screenshot({ path: `${out}/virtual-wand.png` });
      if (before && await lit()) break;
    }
    return {};
  },
  // ARGUMENT: the language that the browser asks for. All that happens in a treatment and a fault.
  async language() {
    const said = [];
    const read = async () => said.push(await texts("state-name", "hint", "meaning", "short", "contact"));
    await until("ready");
    await read();
    await picture(`virtual-${argument}-ready`);
    await press("1.8");
    await until("contact");
    await page.click("#contact");
    await until("treating");
    await read();
    await picture(`virtual-${argument}-treating`);
    await press("0.2");
    await until("done");
    await read();
    await page.click("#contact"); // lifts
    await press("0.2");
    await until("ready");
    await press("1.8");
    await until("contact");
    await page.click("#contact");
    await until("treating");
    await page.locator("#fault-rset_short").click({ force: true });
    await until("fault");
    await page.waitForFunction(() => document.getElementById("alarm").textContent);
    await read();
    await picture(`virtual-${argument}-fault`);
    const alarm = (await texts("alarm")).alarm;
    const english = await page.evaluate(() => {
      const box = document.getElementById("language");
      box.value = "en";
      box.dispatchEvent(new Event("change"));
      return document.body.innerText;
    });
    const kept = await page.evaluate(() => localStorage.getItem("wand-language"));
    await page.selectOption("#language", argument);
    const back = await page.evaluate(() => document.body.innerText);
    await page.setViewportSize({ width: 390, height: 844 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    await picture(`virtual-${argument}-narrow`);
    await page.click("#to-cable");
    await page.waitForFunction(() => document.querySelectorAll("#precaution-list li").length, null, PATIENT);
    await picture(`cable-${argument}-narrow`);
    const cable = await page.evaluate(() => document.documentElement.scrollWidth);
    await page.evaluate(readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
    const { violations } = await page.evaluate(() => axe.run());
    return {
      said, alarm, english, kept, back, wide, cable, lang: await page.getAttribute("html", "lang"),
      title: await page.title(), missing: await page.evaluate(() => [...window.texts.missing]),
      found: violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html)}`),
    };
  },
  // Another product in mid-treatment: first kept on treating, then stopped for it.
  async another() {
    await treating();
    await page.selectOption("#product", "magnesium");
    await page.waitForSelector("#another[open]");
    await picture("virtual-another");
    const asked = await texts("another-title", "another-text");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#another:not([open])", { state: "attached" });
    const went = { frame: await frame(), product: await page.inputValue("#product") };
    await page.selectOption("#product", "magnesium");
    await page.click("#another button[value=stop]");
    await until("done");
    await run();
    await page.waitForFunction(() => virtualWand.frame().sign > 0, null, PATIENT);
    await page.waitForFunction(() => !document.getElementById("journal-csv").disabled, null, PATIENT);
    return { asked, went, frame: await frame(), product: await page.inputValue("#product"), ...(await texts("journal")) };
  },
  // The first time: what the tour says, as far as the wand has come.
  async tour() {
    const at = async () => (await texts("tour-count", "tour-title"));
    const said = [await at()];
    await picture("virtual-tour");
    await page.click("#tour-next");
    await until("ready");
    said.push(await at());
    await press("1.8");
    await until("contact");
    said.push(await at());
    await page.click("#contact");
    await until("treating");
    said.push(await at());
    await page.click("#tour-next");
    await page.click("#contact");
    await until("lifted");
    said.push(await at());
    await page.click("#contact");
    await until("treating");
    said.push(await at());
    await press("0.2");
    await until("done");
    said.push(await at());
    await page.click("#tour-end");
    const hidden = await page.isHidden("#tour");
    await page.reload();
    await until("ready");
    return { said, hidden, again: await page.isHidden("#tour") };
  },
  // No pointer at all: the tour, a treatment, another product, a fault, the other half, the language.
  async keyboard() {
    const walks = { simple: await walk(page) };
    await reach(page, "tour-next");
    await page.keyboard.press("Enter");
    await until("ready");
    await reach(page, "expert");
    await page.keyboard.press("Enter");
    walks.all = await walk(page);
    await reach(page, "key");
    await page.keyboard.down(" ");
    await until("proving", "contact");
    await page.keyboard.up(" ");
    await until("contact");
    await page.keyboard.press("t");
    await until("treating");
    await reach(page, "product");
    await page.keyboard.press("ArrowDown");
    await page.waitForSelector("#another[open]");
    await page.keyboard.press("Escape");
    await page.waitForSelector("#another:not([open])", { state: "attached" });
    const went = (await frame()).state;
    await reach(page, "product");
    await page.keyboard.press("ArrowDown");
    await page.waitForSelector("#another[open]");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await until("done");
    await run();
    await page.waitForFunction(() => virtualWand.frame().product === 1 && virtualWand.frame().state === "ready", null, PATIENT);
    await reach(page, "fault-m2_short");
    await page.keyboard.press(" ");
    await page.waitForFunction(() => document.getElementById("latent").textContent, null, PATIENT);
    const said = await texts("latent");
    await reach(page, "to-cable");
    await page.keyboard.press("Enter");
    walks.cable = await walk(page);
    await reach(page, "language");
    await page.keyboard.press("ArrowDown");
    await page.waitForFunction(() => document.documentElement.lang === "de");
    return { walks, went, ...said };
  },
  async wrong_script() {
    await until("ready");
    await page.fill("#script", 'duration_s = 5\nexpect_end = "complete"\nskn = "dry"');
    await page.click("#replay");
    await page.waitForFunction(() => document.getElementById("script-error").textContent);
    const seen = await texts("script-error");
    await page.locator("#vbus").click({ force: true });
    await run();
    await page.waitForFunction(() => virtualWand.frame().vbus, null, PATIENT);
    await page.click("#fresh");
    await page.waitForFunction(() => !virtualWand.frame().vbus && !document.getElementById("vbus").checked, null, PATIENT);
    return { ...seen, after: (await texts("script-error"))["script-error"] };
  },
  // The product is chosen; a narrow screen; names of everything that can be operated.
  async access() {
    await until("ready");
    await page.selectOption("#product", "magnesium");
    await page.waitForFunction(() => virtualWand.frame().sign > 0, null, PATIENT);
    await until("ready");
    await run(); // the light follows the state, and standing still it would not
    await page.waitForFunction(() => document.getElementById("meaning").textContent.includes("ready"), null, PATIENT);
    const meaning = (await texts("meaning")).meaning;
    await page.setViewportSize({ width: 390, height: 844 });
    await picture("virtual-narrow");
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    const nameless = await page.evaluate(() => [...document.querySelectorAll("button, input, select, textarea, [role=button]")]
      .filter((node) => !(node.getAttribute("aria-label") || node.textContent.trim() || node.labels?.[0]?.textContent.trim()))
      .map((node) => node.outerHTML));
    const steps = await page.evaluate(() => [...document.querySelectorAll("#steps li")]
      .filter((item) => getComputedStyle(item).visibility === "visible").map((item) => item.textContent));
    const audited = {};
    await page.evaluate(readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      for (const view of ["simple", "all"]) {
        const { violations } = await page.evaluate(() => axe.run());
        audited[`${colorScheme} ${view}`] = violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html)}`);
        await everything(); // and back
      }
    }
    const reached = [];
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press("Tab");
      reached.push(await page.evaluate(() => document.activeElement.id || document.activeElement.name));
    }
    return { meaning, wide, nameless, reached, audited, steps, polite: await page.getAttribute("#live", "aria-live") };
  },
};

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
