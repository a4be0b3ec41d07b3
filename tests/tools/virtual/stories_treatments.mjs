// Stories of treatments, as a person has them: drive.mjs.

export const treatments = ({ argument, download, frame, page, picture, press, run, speed, texts, treating, until, PATIENT }) => ({
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
    const leads = await page.evaluate(() => document.querySelectorAll("#acts .primary").length);
    const kept = { leads, product: await page.inputValue("#product"), ...(await texts("product-said")) };
    return { kept, frame: await frame(), ...(await texts("state-name", "alarm", "verdict", "hint")) };
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
});
