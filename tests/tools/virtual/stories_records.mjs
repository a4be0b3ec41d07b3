// Stories of what is kept: journal, script and trace: drive.mjs.

import { readFileSync } from "node:fs";

export const records = ({ after, argument, download, frame, out, page, picture, press, run, speed, texts, treating, until, PATIENT }) => ({
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
});
