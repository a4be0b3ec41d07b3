// Stories of who reads and operates the page otherwise: other languages, keys alone, a reader: drive.mjs.

import { readFileSync } from "node:fs";
import { reach, walk } from "./walk.mjs";

export const reading = ({ argument, everything, frame, page, picture, press, run, texts, until, PATIENT, require }) => ({
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
});
