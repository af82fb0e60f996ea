// The chart is drawn, goes on by itself, and shows predictions, marks and indicators.
import assert from "node:assert/strict";
import { until } from "./processes.mjs";
import { chartIsDrawn, hasPage, noProblems, opened, pixelsOf, pointedText } from "./checks.mjs";

async function chart({ stage, browser, note }) {
  await stage.exchange("--speed", 60, "--history", "6h");
  const daemon = await stage.daemon();
  if (!(await hasPage(daemon))) return "no page";
  const page = await opened(browser, daemon);
  await chartIsDrawn(page);
  const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime);
  note(`first paint after ${Math.round(paint)} ms`);
  assert.ok(paint < 1000, "first paint under a second on localhost");

  await page.waitForSelector(".simulated");
  await page.waitForSelector(".verdict-word");
  assert.match(await page.locator(".verdict").innerText(), /UP|DOWN/);
  assert.match(await page.locator(".panel:has(#prediction-title)").innerText(), /Probability of up\s+\d+\.\d %/);

  // It goes on by itself.
  const before = await pointedText(page);
  await until("the next candle", async () => (await pointedText(page)) !== before);
  assert.match(await page.locator(".connection").innerText(), /Live/);

  // Other intervals, and older candles when scrolled back to.
  for (const interval of ["5m", "1h"]) {
    await page.getByRole("radio", { name: interval, exact: true }).check({ force: true });
    await chartIsDrawn(page, interval);
  }
  noProblems(page);
}

async function indicators({ stage, browser }) {
  await stage.exchange("--speed", 30, "--history", "6h");
  const daemon = await stage.daemon();
  if (!(await hasPage(daemon))) return "no page";
  const page = await opened(browser, daemon);
  await chartIsDrawn(page);
  await page.getByRole("button", { name: /Indicators/ }).click();
  await page.getByRole("searchbox", { name: "Find an indicator" }).fill("rsi_14");
  await page
    .locator(".chooser-list li", { hasText: /^rsi_14/ })
    .first()
    .locator("input")
    .check();
  await page.getByRole("searchbox", { name: "Find an indicator" }).fill("sma_ratio_20");
  await page
    .locator(".chooser-list li", { hasText: /^sma_ratio_20/ })
    .first()
    .locator("input")
    .check();
  await page.keyboard.press("Escape");
  await until(
    "the lines of both",
    async () => (await pixelsOf(page, "line-1")) > 50 && (await pixelsOf(page, "line-2")) > 50,
  );
  await page.reload();
  await until("the lines after a reload", async () => (await pixelsOf(page, "line-1")) > 50);
  noProblems(page);
}

// From the daemon's log line, written when a candle is committed, to the text of the page.
async function delay({ stage, browser, note }) {
  await stage.exchange("--speed", 60, "--history", "3h");
  const daemon = await stage.daemon();
  if (!(await hasPage(daemon))) return "no page";
  const page = await opened(browser, daemon);
  await chartIsDrawn(page);
  await page.waitForSelector(".connection.good, .connection.warn");
  await page.getByRole("button", { name: "Table" }).click();
  await page.evaluate(() => {
    window.seen = [];
    let last = "";
    const look = () => {
      // The newest row that is closed.
      const row = [...document.querySelectorAll(".table[aria-label^='The last'] tbody tr")].find(
        (one) => !one.classList.contains("forming"),
      );
      const time = row?.cells[0]?.innerText ?? "";
      if (time !== last) window.seen.push([time, Date.now()]);
      last = time;
    };
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
  });
  await until("twelve candles", () => page.evaluate(() => window.seen.length > 12));
  const seen = await page.evaluate(() => window.seen);
  const logged = new Map();
  for (const line of daemon
    .err()
    .split("\n")
    .filter((one) => one.includes('"event":"candle"'))) {
    const [at, candle] = [...line.matchAll(/"time":"([^"]+)"/g)].map((found) => found[1]);
    logged.set(`${candle.slice(0, 16).replace("T", " ")} UTC`, Date.parse(at));
  }
  const delays = seen
    .slice(2)
    .filter(([time]) => logged.has(time))
    .map(([time, at]) => at - logged.get(time))
    .sort((a, b) => a - b);
  assert.ok(delays.length >= 8, `the log tells of the candles: ${JSON.stringify(seen.slice(0, 3))}`);
  const median = delays[Math.floor(delays.length / 2)];
  note(`from commit to screen: median ${median} ms, longest ${delays.at(-1)} ms of ${delays.length}`);
  assert.ok(median < 500, "half of the candles within half a second even on a busy machine");
}

export const live = [
  { name: "the chart is drawn and goes on", run: chart },
  { name: "indicators are drawn and remembered", run: indicators },
  { name: "a new candle is on screen soon", run: delay },
];
