// Browser tests: the real daemon on a simulated market, its page in Debian's Chromium, driven by Playwright.
//
//   node tests/browser/run.mjs --candled build/candled          all of them
//   node tests/browser/run.mjs --candled build/candled token    those whose name contains a word
//   CANDLED_CHROMIUM=PATH   another Chromium        CANDLED_KEEP=1   keep the folders of the tests
//
// Without Chromium or Playwright, or with a program that holds no page, it says so in one line and ends with 77: skipped.
import { existsSync } from "node:fs";
import path from "node:path";
import { launch } from "./browser.mjs";
import { Stage } from "./processes.mjs";
import { cases } from "./cases.mjs";

const at = process.argv.indexOf("--candled");
const program = at > 0 ? path.resolve(process.argv[at + 1] ?? "") : "";
const words = process.argv.slice(2).filter((word, i) => at < 0 || (i !== at - 2 && i !== at - 1));
if (!existsSync(program)) {
  console.error("say which program to test: --candled PATH");
  process.exit(2);
}

const browser = await launch();
if (!browser) {
  console.log(
    "skipped: the browser tests want Debian's chromium (apt-get install chromium) and npm for playwright-core",
  );
  process.exit(77);
}

let failed = 0;
let passed = 0;
for (const { name, run } of cases) {
  if (words.length > 0 && !words.some((word) => name.includes(word))) continue;
  const stage = new Stage(program);
  const began = Date.now();
  try {
    const notes = [];
    const outcome = await run({ stage, browser, note: (text) => notes.push(text) });
    if (outcome === "no page") {
      console.log("skipped: this candled was built without its page (npm was not there)");
      process.exit(77);
    }
    passed += 1;
    console.log(
      `ok      ${name}  ${((Date.now() - began) / 1000).toFixed(1)} s${notes.map((note) => `\n          ${note}`).join("")}`,
    );
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}\n${error.stack}`);
    for (const one of stage.processes) console.log(`--- ${one.name}\n${one.err().split("\n").slice(-6).join("\n")}`);
  } finally {
    for (const context of browser.contexts()) await context.close();
    await stage.end();
  }
}
await browser.close();
console.log(`browser: ${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
