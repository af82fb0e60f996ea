// With a token: the page asks for it, is refused with a wrong one, and uses the right one, also to promote.
import assert from "node:assert/strict";
import { until } from "./processes.mjs";
import { chartIsDrawn, hasPage, opened } from "./checks.mjs";

const secret = "correct-horse-battery-staple-0123456789";

async function give(page, text) {
  await page.getByRole("dialog").getByLabel("Token", { exact: true }).fill(text);
  await page.getByRole("dialog").getByRole("button", { name: "Use it" }).click();
}

async function asksForToken({ stage, browser }) {
  await stage.exchange("--speed", 60, "--history", "6h");
  const daemon = await stage.daemon({ server: { token: secret } });
  if (!(await hasPage(daemon))) return "no page";
  const page = await opened(browser, daemon);
  await until("the page to say that it needs one", async () =>
    (await page.locator("main").innerText()).includes("wants its token"),
  );
  await page.getByRole("button", { name: "Token" }).click();
  await give(page, "wrong");
  await until("the wrong one to be refused", async () =>
    (await page.locator(".connection").innerText()).includes("Needs a token"),
  );
  await page.getByRole("button", { name: "Token" }).click();
  await give(page, secret);
  await chartIsDrawn(page);
  await until("the stream", async () => (await page.locator(".connection").innerText()).includes("Live"));
  const kept = await page.evaluate(() => JSON.stringify({ ...localStorage }));
  assert.ok(!kept.includes(secret), "the token is not kept longer than the tab");
}

async function changes({ stage, browser }) {
  await stage.exchange("--speed", 60, "--history", "6h");
  const daemon = await stage.daemon({ server: { token: secret } });
  if (!(await hasPage(daemon))) return "no page";
  const page = await opened(browser, daemon, {}, "models");
  await page.getByRole("button", { name: "Token" }).click();
  await give(page, secret);
  await until("a model", async () => (await page.locator("main").innerText()).includes("champion"));
  await page.getByRole("button", { name: "Roll back" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  assert.equal(await page.getByRole("dialog").count(), 0);
  const answer = page.waitForResponse((response) => response.url().endsWith("/api/v1/rollback"));
  await page.getByRole("button", { name: "Roll back" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Roll back" }).click();
  const response = await answer;
  assert.equal(response.request().headers()["authorization"], `Bearer ${secret}`);
  await until("what came of it", async () => (await page.locator("p.news").first().innerText()).trim() !== "");
}

export const token = [
  { name: "token: asked for, refused, used", run: asksForToken },
  { name: "token: changes ask first and send it", run: changes },
];
