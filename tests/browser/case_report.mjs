// The report of a backtest: as a file by itself, and as the daemon serves it; drawn, hovered, on a phone.
import assert from "node:assert/strict";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { hasPage, noProblems } from "./checks.mjs";
import { openPage } from "./browser.mjs";
import { until } from "./processes.mjs";

const charts = ["equity", "drawdown", "fills", "returns"];

// Every chart has more than one colour on its canvas.
const drawn = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll(".curves")].every((chart) =>
      [...chart.querySelectorAll("canvas")].some((canvas) => {
        if (canvas.width === 0 || canvas.height === 0) return false;
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        const colors = new Set();
        for (let i = 0; i < data.length; i += 4) colors.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
        return colors.size > 20;
      }),
    ),
  );

async function looked(page) {
  for (const name of charts) await page.locator(`[data-chart="${name}"]`).waitFor();
  assert.equal(await page.locator("#no-charts").count(), 0);
  await until("the curves", () => drawn(page));
  const [content, window] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  assert.ok(content <= window, `the report is ${content} wide in a window of ${window}`);
  noProblems(page);
}

async function report({ stage, browser }) {
  await stage.exchange("--speed", 60, "--history", "6h");
  const daemon = await stage.daemon();
  if (!(await hasPage(daemon))) return "no page";
  await until("a model", async () => (await (await fetch(`${daemon.url}/api/v1/status`)).json()).champion);
  const file = path.join(stage.folder, "report.html");
  const config = path.join(stage.folder, "config.toml");
  const made = stage.start("backtest", ["backtest", "--in-sample", "--json", "--html", file, "--config", config]);
  assert.equal(await made.ended, 0, made.err());

  const alone = await openPage(browser);
  await alone.route("**", (route) => (route.request().url().startsWith("file:") ? route.continue() : route.abort()));
  await alone.goto(pathToFileURL(file).href);
  await looked(alone);
  const legend = alone.locator('[data-chart="equity"] .legend');
  const before = await legend.innerText();
  assert.match(before, /buy_and_hold [\d,.]+ USD/);
  const box = await alone.locator('[data-chart="equity"] .curves').boundingBox();
  await alone.mouse.move(box.x + box.width / 3, box.y + box.height / 2);
  await until("the legend to follow the pointer", async () => (await legend.innerText()) !== before);

  const phone = await openPage(browser, { viewport: { width: 375, height: 720 }, hasTouch: true, isMobile: true, colorScheme: "dark" });
  await phone.goto(pathToFileURL(file).href);
  await looked(phone);

  const { backtest } = JSON.parse(made.out());
  const served = await openPage(browser);
  await served.goto(`${daemon.url}/api/v1/backtests/${backtest}/page`);
  await looked(served);
}

export const reports = [{ name: "report of a backtest: a file by itself, and served", run: report }];
