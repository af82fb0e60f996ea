// Builds the page: node build.mjs [FOLDER] (default: dist). The file names are fixed; cmake/page.cmake embeds them by name.
import { build } from "esbuild";
import { copyFile, mkdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const folder = path.resolve(process.argv[2] ?? path.join(here, "dist"));

await mkdir(path.join(folder, "assets"), { recursive: true });
await build({
  absWorkingDir: here,
  entryPoints: { page: "src/main.tsx", report: "src/report.tsx" },
  outdir: path.join(folder, "assets"),
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022"],
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  logLevel: "warning",
});
await copyFile(path.join(here, "index.html"), path.join(folder, "index.html"));
await copyFile(path.join(here, "src/icon.svg"), path.join(folder, "assets/icon.svg"));
