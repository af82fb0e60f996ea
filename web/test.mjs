// Checks the types, of the API's answers too, then runs test/*.test.ts with node's own runner: esbuild turns each into a module that node 18 understands.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
if (!existsSync(path.join(here, "node_modules/esbuild"))) {
  console.log("skipped: npm could not fetch what the page is built with (npm ci in web/)");
  process.exit(77);
}
const { build } = await import("esbuild");
const { generate } = await import("./generate.mjs");
await generate();
const sources = readdirSync(path.join(here, "test")).filter((name) => name.endsWith(".test.ts"));
const folder = mkdtempSync(path.join(tmpdir(), "candled-page-"));
const types = spawnSync(process.execPath, ["node_modules/typescript/bin/tsc", "--noEmit"], {
  cwd: here,
  stdio: "inherit",
});
let code = types.status ?? 1;
try {
  await build({
    absWorkingDir: here,
    entryPoints: sources.map((name) => `test/${name}`),
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node18",
    logLevel: "warning",
  });
  const files = sources.map((name) => path.join(folder, name.replace(/\.ts$/, ".mjs")));
  code ||= spawnSync(process.execPath, ["--test", ...files], { stdio: "inherit" }).status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(code);
