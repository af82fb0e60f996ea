// For every reader: keyboard, small screens, both themes, contrast, no jumps, tables, zones, all views.
import assert from "node:assert/strict";
import { until } from "./processes.mjs";
import { chartIsDrawn, hasPage, noProblems, opened, pointedText } from "./checks.mjs";

const views = ["market", "strategies", "models", "data", "system"];

async function everyView({ stage, browser }) {
  await stage.exchange("--speed", 60, "--history", "6h");
  const daemon = await stage.daemon();
  if (!(await hasPage(daemon))) return "no page";
  const wide = await opened(browser, daemon);
  const phone = await opened(browser, daemon, {
    viewport: { width: 375, height: 720 },
    hasTouch: true,
    isMobile: true,
  });
  await chartIsDrawn(wide);
  await wide.waitForSelector(".verdict-word");
  for (const page of [wide, phone]) {
    for (const view of views) {
      await page.goto(`${daemon.url}/#/${view}`);
      await page.waitForSelector(`nav a[aria-current='page'][href='#/${view}']`);
      await until(`${view} to have loaded`, async () => !(await page.locator("main").innerText()).includes("Loading"));
      assert.equal(await page.locator(".simulated").count(), 1, `${view} says that the market is simulated`);
      const [content, window] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
      ]);
      assert.ok(content <= window, `${view} is ${content} wide in a window of ${window}`);
      const nameless = await page.evaluate(() =>
        [...document.querySelectorAll("button, a[href], select, input, dialog")]
          .filter((one) => {
            const label = one.getAttribute("aria-label") ?? one.innerText ?? "";
            return !(label.trim() || one.closest("label")?.innerText.trim() || one.labels?.[0]?.innerText.trim());
          })
          .map((one) => one.outerHTML),
      );
      assert.deepEqual(nameless, [], `${view}: every control has a name`);
    }
  }
  await wide.goto(`${daemon.url}/#/models`);
  await wide.locator("main", { hasText: "Accuracy" }).waitFor();
  assert.match(await wide.locator("main").innerText(), /Accuracy\s+\d/);
  await wide.goto(`${daemon.url}/#/strategies`);
  await wide.locator("main", { hasText: "ultra_aggressive" }).waitFor();
  assert.match(await wide.locator("main").innerText(), /ultra_aggressive\s+[\d,.]+/);
  noProblems(wide);
  noProblems(phone);
}

async function keyboard({ stage, browser }) {
  await stage.exchange("--speed", 20, "--history", "12h");
  const daemon = await stage.daemon();
  if (!(await hasPage(daemon))) return "no page";
  const page = await opened(browser, daemon);
  await chartIsDrawn(page);
  const visited = [];
  for (let i = 0; i < 40 && !visited.includes("chart"); i += 1) {
    await page.keyboard.press("Tab");
    visited.push(
      await page.evaluate(() => {
        const one = document.activeElement;
        return one.classList.contains("chart")
          ? "chart"
          : (one.getAttribute("aria-label") ?? one.innerText ?? one.name ?? one.tagName).trim();
      }),
    );
  }
  assert.equal(visited[0], "To the content", "the first stop jumps to the content");
  for (const stop of ["Market", "Strategies", "Models", "Data", "System", "Newest", "Table", "chart"]) {
    assert.ok(visited.includes(stop), `Tab reaches ${stop}: ${visited.join(" | ")}`);
  }
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.notEqual(outline, "none", "the focus can be seen");
  const range = () => page.locator(".chart canvas").first().screenshot();
  const before = await range();
  for (let i = 0; i < 6; i += 1) await page.keyboard.press("ArrowLeft");
  assert.ok(!(await range()).equals(before), "arrow left scrolls the chart");
  await page.keyboard.press("End");
  await page.locator("nav a", { hasText: "System" }).focus();
  await page.keyboard.press("Enter");
  await page.waitForSelector("#config-title");
  noProblems(page);
}

async function olderCandles({ stage, browser, note }) {
  await stage.exchange("--speed", 20, "--history", "48h", "--trades-per-minute", 4);
  const daemon = await stage.daemon({ history: { on_start: "48h" }, training: { enabled: false } });
  if (!(await hasPage(daemon))) return "no page";
  // The history comes oldest first: a page opened in front of its end would have nothing older to ask for.
  await until("the end of the history", async () => {
    const answer = await fetch(`${daemon.url}/api/v1/candles?market=BTC-USD&limit=1`);
    return (await answer.json()).candles[0].open_time >= "2025-01-01";
  });
  const page = await opened(browser, daemon);
  await chartIsDrawn(page);
  const asked = [];
  page.on("request", (request) => {
    if (request.url().includes("/api/v1/candles") && request.url().includes("to=")) asked.push(request.url());
  });
  await page.locator(".chart").focus();
  const began = Date.now();
  await until("older pages to be asked for", async () => {
    await page.keyboard.press("Home");
    return asked.length >= 1;
  });
  note(`${asked.length} older pages asked for, first after ${Date.now() - began} ms`);
  // To the very first candle: the hour the record begins with.
  await page.getByRole("radio", { name: "1h", exact: true }).check({ force: true });
  await chartIsDrawn(page, "1h");
  await page.locator(".chart").focus();
  await page.keyboard.press("Home");
  const frame = await page.locator(".chart").boundingBox();
  await page.mouse.move(frame.x + frame.width * 0.15, frame.y + 80);
  await until(
    "the first bars under the pointer",
    async () => /2024-12-(29|30)/.test(await pointedText(page)) || (await page.keyboard.press("ArrowLeft")),
  );
  noProblems(page);
}

function luminance([r, g, b]) {
  const linear = [r, g, b].map((value) =>
    value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}
const contrast = (a, b) =>
  (Math.max(luminance(a), luminance(b)) + 0.05) / (Math.min(luminance(a), luminance(b)) + 0.05);

async function colors({ stage, browser, note }) {
  await stage.exchange("--speed", 20, "--history", "3h");
  const daemon = await stage.daemon();
  if (!(await hasPage(daemon))) return "no page";
  for (const colorScheme of ["light", "dark"]) {
    const page = await opened(browser, daemon, { colorScheme });
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), colorScheme);
    const of = await page.evaluate(() => {
      const read = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
      const names = [
        "page",
        "surface",
        "hover",
        "gap-faint",
        "text",
        "muted",
        "accent",
        "on-accent",
        "up",
        "down",
        "simulated",
        "on-simulated",
        "control",
      ];
      return Object.fromEntries(
        names.map((name) => [name, [1, 3, 5].map((i) => parseInt(read(name).slice(i, i + 2), 16))]),
      );
    });
    const pairs = [
      ...["text", "muted", "accent", "up", "down"].flatMap((ink) =>
        ["page", "surface", "hover"].map((ground) => [ink, ground, 4.5]),
      ),
      ["text", "gap-faint", 4.5],
      ["on-accent", "accent", 4.5],
      ["on-accent", "down", 4.5],
      ["on-simulated", "simulated", 4.5],
      ["control", "surface", 3],
    ];
    let least = 99;
    for (const [ink, ground, wanted] of pairs) {
      const ratio = contrast(of[ink], of[ground]);
      if (wanted >= 4.5) least = Math.min(least, ratio);
      assert.ok(ratio >= wanted, `${colorScheme}: ${ink} on ${ground} is ${ratio.toFixed(2)} to 1`);
    }
    note(`${colorScheme}: least contrast of text ${least.toFixed(2)} to 1`);
    await page.getByRole("combobox", { name: "Theme" }).selectOption(colorScheme === "light" ? "dark" : "light");
    assert.notEqual(await page.evaluate(() => document.documentElement.dataset.theme), colorScheme);
    noProblems(page);
  }
}

async function calm({ stage, browser, note }) {
  await stage.exchange("--speed", 60, "--history", "6h");
  const daemon = await stage.daemon();
  if (!(await hasPage(daemon))) return "no page";
  const page = await opened(browser, daemon);
  await chartIsDrawn(page);
  await page.waitForSelector(".verdict-word");
  await page.evaluate(() => {
    window.shift = 0;
    window.shifted = [];
    new PerformanceObserver((list) => {
      for (const one of list.getEntries()) {
        window.shift += one.value;
        for (const { node } of one.sources)
          window.shifted.push(
            `${node?.nodeName}.${node?.className ?? ""} in ${node?.closest?.(".panel")?.getAttribute("aria-labelledby")}`,
          );
      }
    }).observe({ type: "layout-shift" });
  });
  const before = await pointedText(page);
  await until("some candles", async () => (await pointedText(page)).slice(0, 16) !== before.slice(0, 16));
  await page.waitForTimeout(4000);
  const shift = await page.evaluate(() => window.shift);
  note(`layout shift over some live candles: ${shift.toFixed(4)}`);
  assert.ok(
    shift < 0.05,
    `layout shift ${shift}: ${await page.evaluate(() => [...new Set(window.shifted)].join("; "))}`,
  );
  const [utc] = (await pointedText(page)).split("\n");
  assert.match(utc, /UTC/);
  await page.getByRole("button", { name: "UTC" }).click();
  await page.getByRole("button", { name: /Local/ }).waitFor();
  await page.getByRole("button", { name: "Table" }).click();
  assert.ok((await page.locator(".table[aria-label^='The last'] tbody tr").count()) > 20);
}

export const reading = [
  { name: "every view, wide and on a phone", run: everyView },
  { name: "everything by keyboard", run: keyboard },
  { name: "older candles come when scrolled to", run: olderCandles },
  { name: "contrast in both themes", run: colors },
  { name: "nothing jumps, and times in both zones", run: calm },
];
