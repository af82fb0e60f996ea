// Debian's Chromium through Playwright, and whether they are here at all.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));

export function chromiumPath() {
  const wanted = [
    process.env.CANDLED_CHROMIUM,
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
  ];
  return wanted.find((one) => one && existsSync(one)) ?? null;
}

// Playwright, fetched once with npm into this folder; null where that is not possible.
export async function playwright() {
  if (!existsSync(path.join(here, "node_modules/playwright-core"))) {
    spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: here,
      stdio: "ignore",
    });
  }
  try {
    return await import("playwright-core");
  } catch {
    return null;
  }
}

export async function launch() {
  const executablePath = chromiumPath();
  const library = await playwright();
  if (!executablePath || !library) return null;
  return library.chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  });
}

// A page that remembers everything that went wrong in it, policy violations included.
export async function openPage(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  page.problems = [];
  page.on("pageerror", (error) => page.problems.push(`error: ${error.message}`));
  page.on("response", (response) => {
    if (response.status() >= 400) page.problems.push(`${response.status()} ${response.url()}`);
  });
  page.on("console", (message) => {
    const text = message.text();
    if (text.startsWith("Failed to load resource")) return; // the line above says which
    if (message.type() === "error" || text.includes("Content Security Policy")) page.problems.push(text);
  });
  return page;
}
