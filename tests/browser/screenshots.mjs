// Makes the pictures of docs/page.md: node tests/browser/screenshots.mjs --candled build/candled [FOLDER]
// A simulated market with a fixed seed, sixty times as fast as the clock.
import { mkdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { launch, openPage } from "./browser.mjs";
import { Stage, until } from "./processes.mjs";

const at = process.argv.indexOf("--candled");
const program = path.resolve(process.argv[at + 1] ?? "build/candled");
const folder = path.resolve(process.argv[at + 2] ?? fileURLToPath(new URL("../../docs/screenshots", import.meta.url)));
mkdirSync(folder, { recursive: true });

const browser = await launch();
if (!browser) {
  console.error("this wants Debian's chromium and npm");
  process.exit(1);
}
const stage = new Stage(program);
try {
  await stage.exchange("--speed", 60, "--history", "8h", "--seed", 7);
  const daemon = await stage.daemon({ training: { every: "30m" } });
  const wide = await openPage(browser, { viewport: { width: 1280, height: 820 }, colorScheme: "light" });
  await wide.goto(daemon.url);
  await wide.evaluate(() => localStorage.setItem("candled.indicators", "sma_ratio_20,rsi_14"));
  await wide.reload();
  await wide.waitForSelector(".verdict-word", { timeout: 120_000 });
  await until(
    "some paper trades",
    async () => {
      const { fills } = await (await fetch(`${daemon.url}/api/v1/fills?limit=50`)).json();
      return fills.length > 10;
    },
    180_000,
  );
  const shots = [
    ["market-light", "market", "light", { width: 1280, height: 820 }],
    ["strategies-dark", "strategies", "dark", { width: 1280, height: 820 }],
    ["models-light", "models", "light", { width: 1280, height: 700 }],
    ["data-dark", "data", "dark", { width: 1280, height: 700 }],
    ["market-phone", "market", "dark", { width: 390, height: 844 }],
  ];
  for (const [name, view, colorScheme, viewport] of shots) {
    await wide.emulateMedia({ colorScheme });
    await wide.setViewportSize(viewport);
    await wide.goto(`${daemon.url}/#/${view}`);
    await wide.waitForTimeout(2500);
    await wide.screenshot({ path: path.join(folder, `${name}.png`) });
    console.log(path.join(folder, `${name}.png`));
  }
} finally {
  await browser.close();
  await stage.end();
}
