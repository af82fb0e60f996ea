// What the page says when something is missing, and that it goes on by itself.
import assert from "node:assert/strict";
import { until } from "./processes.mjs";
import { chartIsDrawn, hasPage, noProblems, opened, pixelsOf, pointedText } from "./checks.mjs";

// Told by the stream, not asked for every two seconds.
async function streams(page) {
  const text = await page.locator(".connection").innerText();
  return text.includes("Live") && !text.includes("asking");
}

async function daemonGone({ stage, browser, note }) {
  await stage.exchange("--speed", 60, "--history", "3h");
  const daemon = await stage.daemon();
  if (!(await hasPage(daemon))) return "no page";
  const page = await opened(browser, daemon);
  await chartIsDrawn(page);
  await daemon.stop();
  await until("the page to say so", async () =>
    (await page.locator(".connection").innerText()).includes("No connection"),
  );
  assert.match(await page.locator(".offline").innerText(), /does not answer/);
  assert.ok((await pixelsOf(page, "up")) > 100, "what was known stays on screen");
  const port = new URL(daemon.url).port;
  const before = await pointedText(page);
  const began = Date.now();
  await stage.daemon({}, port);
  await until("the page to go on", async () => (await streams(page)));
  note(`back ${((Date.now() - began) / 1000).toFixed(1)} s after the daemon was started again`);
  await until("new candles", async () => (await pointedText(page)) !== before);
  assert.equal(await page.locator(".offline").count(), 0);
  noProblems(page, ["Failed to load resource", "net::ERR"]);
}

async function browserOffline({ stage, browser }) {
  await stage.exchange("--speed", 60, "--history", "3h");
  const daemon = await stage.daemon();
  if (!(await hasPage(daemon))) return "no page";
  const page = await opened(browser, daemon);
  await chartIsDrawn(page);
  await page.context().setOffline(true);
  await until("the page to say so", async () =>
    (await page.locator(".connection").innerText()).includes("No connection"),
  );
  const before = await pointedText(page);
  await page.context().setOffline(false);
  await until(
    "the page to go on",
    async () =>
      (await pointedText(page)) !== before && (await streams(page)),
  );
}

async function nothingYet({ stage, browser }) {
  await stage.exchange("--speed", 30, "--history", "1h");
  const daemon = await stage.daemon({ training: { enabled: false } });
  if (!(await hasPage(daemon))) return "no page";
  const page = await opened(browser, daemon);
  await chartIsDrawn(page);
  await until("the wait for a model", async () =>
    (await page.locator(".panel:has(#prediction-title)").innerText()).includes("Waiting for a model"),
  );
  await page.goto(`${daemon.url}/#/models`);
  await until("the wait for a training", async () =>
    (await page.locator("main").innerText()).includes("Waiting for the first training"),
  );
}

// In the page: is anything on the chart of the hue of a gap?
function hatched(chart) {
  let count = 0;
  for (const canvas of chart.querySelectorAll("canvas")) {
    if (!canvas.width || !canvas.height) continue;
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    for (let i = 0; i < data.length; i += 4) {
      const [r, g, b] = [data[i], data[i + 1], data[i + 2]];
      if (data[i + 3] > 200 && r > g + 18 && g > b + 18) count += 1;
    }
  }
  return count > 100;
}

async function gaps({ stage, browser }) {
  // Trades are withheld, from the stream and from REST, for three minutes of the market: they are gaps until they come back.
  await stage.exchange("--speed", 60, "--history", "2h");
  const daemon = await stage.daemon({ training: { enabled: false } });
  if (!(await hasPage(daemon))) return "no page";
  const page = await opened(browser, daemon);
  await chartIsDrawn(page);
  await stage.fault("rest_down?seconds=600");
  await stage.fault("cut?seconds=3&trades=200");
  await until("a gap in the table of gaps", async () => {
    await page.goto(`${daemon.url}/#/data`);
    await page.waitForTimeout(500);
    return (await page.locator("main").innerText()).includes("still open");
  });
  await page.goto(`${daemon.url}/#/market`);
  await page.getByRole("button", { name: "Table" }).click();
  await until(
    "the candle in the table",
    async () => (await page.locator(".table[aria-label^='The last'] tbody tr.gap").count()) > 0,
  );
  assert.match(
    await page.locator(".table[aria-label^='The last'] tbody tr.gap").first().innerText(),
    /gap: (not known|incomplete)/,
  );
  assert.ok(await page.locator(".chart").evaluate(hatched), "the band is hatched");
}

export const recovery = [
  { name: "the daemon goes and comes back", run: daemonGone },
  { name: "the browser is offline and back", run: browserOffline },
  { name: "without a model it says what it waits for", run: nothingYet },
  { name: "a gap is shown", run: gaps },
];
