// For work on the page: node serve.mjs [http://127.0.0.1:8501] serves web/dist on port 8502 and passes everything else on to a
// running candled. `npm run build` after an edit, then reload.
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, request } from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const dist = path.join(here, "dist");
const daemon = new URL(process.argv[2] ?? "http://127.0.0.1:8501");
const port = Number(process.argv[3] ?? 8502);
const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

createServer((incoming, outgoing) => {
  const name = new URL(incoming.url, "http://localhost").pathname;
  const file = path.join(dist, name === "/" ? "index.html" : name);
  if (file.startsWith(dist) && existsSync(file) && statSync(file).isFile()) {
    outgoing.writeHead(200, { "Content-Type": types[path.extname(file)], "Content-Security-Policy": policy });
    createReadStream(file).pipe(outgoing);
    return;
  }
  const onward = request(
    {
      host: daemon.hostname,
      port: daemon.port,
      path: incoming.url,
      method: incoming.method,
      headers: { ...incoming.headers, host: daemon.host },
    },
    (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.pipe(outgoing);
    },
  );
  onward.on("error", () => outgoing.writeHead(502).end());
  outgoing.on("close", () => onward.destroy());
  incoming.pipe(onward);
}).listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${port}`));
