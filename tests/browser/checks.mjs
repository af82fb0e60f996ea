// What several cases look at.
import assert from "node:assert/strict";
import { until } from "./processes.mjs";
import { openPage } from "./browser.mjs";

// Did this program come with a page?
export async function hasPage(daemon) {
  return (await (await fetch(daemon.url)).text()).includes("/assets/page.js");
}

export async function opened(browser, daemon, options = {}, view = "market") {
  const page = await openPage(browser, options);
  await page.goto(`${daemon.url}/#/${view}`);
  await page.waitForSelector("header.top");
  return page;
}

// How many pixels of the chart have about this colour ("r, g, b").
export function pixelsOf(page, name) {
  return page.evaluate((property) => {
    const probe = document.createElement("span");
    probe.className = "probe";
    document.body.append(probe);
    probe.style.color = `var(--${property})`;
    const [r, g, b] = getComputedStyle(probe).color.match(/\d+/g).map(Number);
    probe.remove();
    let count = 0;
    for (const canvas of document.querySelectorAll(".chart canvas")) {
      if (canvas.width === 0 || canvas.height === 0) continue;
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      for (let i = 0; i < data.length; i += 4) {
        if (data[i + 3] > 200 && Math.abs(data[i] - r) + Math.abs(data[i + 1] - g) + Math.abs(data[i + 2] - b) < 24)
          count += 1;
      }
    }
    return count;
  }, name);
}

export async function chartIsDrawn(page, interval = "") {
  await page.waitForSelector(`.chart[aria-label*=", ${interval}"][aria-busy="false"]`);
  await until(
    "candles on the canvas",
    async () => (await pixelsOf(page, "up")) > 100 && (await pixelsOf(page, "down")) > 100,
  );
}

export const pointedText = (page) => page.locator(".pointed").innerText();

export function noProblems(page, allowed = []) {
  const problems = page.problems.filter((text) => !allowed.some((part) => text.includes(part)));
  assert.deepEqual(problems, []);
}
