// Makes generated/openapi.ts of the description of the API: the types of what it answers. Whatever checks types calls this first, and
// the file is in no repository, so it cannot be of another description. Only types come from it: the page is built without it.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

const here = path.dirname(fileURLToPath(import.meta.url));

export async function generate() {
  const description = JSON.parse(readFileSync(path.join(here, "../src/server/openapi.json"), "utf8"));
  const text = astToString(await openapiTS(description));
  mkdirSync(path.join(here, "generated"), { recursive: true });
  writeFileSync(path.join(here, "generated/openapi.ts"), `// Made by generate.mjs.\n${text}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await generate();
