// Round the page by Tab alone: what can be operated and isn't reached, and where a focus isn't seen.

const CONTROLS = "a[href], button, input, select, textarea, summary, [tabindex='0']";

export async function walk(page) {
  const count = await page.evaluate((controls) => {
    const there = (node) => node.checkVisibility() && !node.disabled;
    const chosen = (node) => node.type !== "radio" || node.checked; // arrows do the rest of its group
    const found = [...document.querySelectorAll(controls)].filter((node) => there(node) && chosen(node));
    found.forEach((node, at) => { node.dataset.walk = at; });
    document.activeElement.blur();
    return found.length;
  }, CONTROLS);
  const reached = new Set();
  const unseen = [];
  for (let left = count + 5; left && reached.size < count; left--) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const node = document.activeElement;
      const near = [node, node.parentElement, node.nextElementSibling, node.querySelector?.(".ring")].filter(Boolean);
      const seen = near.some((one) => {
        const { outlineStyle, boxShadow, strokeWidth } = getComputedStyle(one);
        return outlineStyle !== "none" || boxShadow.includes("inset") || (one.matches(".ring") && strokeWidth === "4px");
      });
      return { walk: node.dataset?.walk, seen, name: node.id || node.outerHTML.slice(0, 80) };
    });
    if (at.walk === undefined) continue; // the browser's own
    reached.add(at.walk);
    if (!at.seen) unseen.push(at.name);
  }
  const missed = await page.evaluate((got) => [...document.querySelectorAll("[data-walk]")]
    .filter((node) => node.checkVisibility() && !got.includes(node.dataset.walk)).map((node) => node.id || node.outerHTML.slice(0, 80)), [...reached]);
  await page.evaluate(() => document.querySelectorAll("[data-walk]").forEach((node) => delete node.dataset.walk));
  return { count, missed, unseen };
}

// Tab until this one has the focus.
export async function reach(page, id) {
  for (let left = 120; left; left--) {
    if (await page.evaluate((wanted) => document.activeElement.id === wanted, id)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never comes to ${id}`);
}
