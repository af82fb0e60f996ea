// The simulated exchange and the daemon as a browser test sees them: in a folder of their own, ended with the test.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync, openSync, closeSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

// Under a sanitizer the program is slower, and every limit of time longer, by this factor.
const slowness = Number(process.env.CANDLED_SLOWNESS ?? 1);
const patience_ms = 60_000;

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export async function until(what, condition, ms = patience_ms) {
  ms *= slowness;
  const deadline = Date.now() + ms;
  let last;
  for (;;) {
    try {
      const value = await condition();
      if (value) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline)
      throw new Error(`waited ${ms / 1000} s for ${what}; the last answer was ${String(last)}`);
    await pause(50);
  }
}

class Process {
  constructor(folder, name, program, options) {
    this.name = name;
    this.outPath = path.join(folder, `${name}.out`);
    this.errPath = path.join(folder, `${name}.err`);
    const out = openSync(this.outPath, "a");
    const err = openSync(this.errPath, "a");
    this.child = spawn(program, options, { cwd: folder, stdio: ["ignore", out, err] });
    this.ended = new Promise((resolve) => this.child.once("exit", (code) => resolve(code)));
    closeSync(out);
    closeSync(err);
  }
  out() {
    return readFileSync(this.outPath, "utf8");
  }
  err() {
    return readFileSync(this.errPath, "utf8");
  }
  alive() {
    return this.child.exitCode === null && this.child.signalCode === null;
  }
  async stop(signal = "SIGTERM") {
    if (this.alive()) this.child.kill(signal);
    return this.ended;
  }
}

const text = (tables) =>
  Object.entries(tables)
    .map(([name, table]) =>
      [`[${name}]`, ...Object.entries(table).map(([key, value]) => `${key} = ${JSON.stringify(value)}`), ""].join("\n"),
    )
    .join("\n");

export class Stage {
  constructor(program) {
    this.program = program;
    this.folder = mkdtempSync(path.join(tmpdir(), "candled-browser-"));
    this.processes = [];
  }

  start(name, options) {
    const process = new Process(this.folder, name, this.program, options.map(String));
    this.processes.push(process);
    return process;
  }

  // `candled simulate`, listening. `options`: what follows.
  async exchange(...options) {
    this.market = this.start("exchange", [
      "simulate",
      "--listen",
      "127.0.0.1:0",
      "--rest-calls-per-second",
      0,
      ...options,
    ]);
    const settings = await until("the exchange", () => {
      const lines = [...this.market.out().matchAll(/^(\w+) = "?([^"\n]*)"?$/gm)];
      const found = Object.fromEntries(lines.map(([, key, value]) => [key, value]));
      return "clock_rate" in found ? found : null;
    });
    this.settings = settings;
    return settings;
  }

  // A fault of the exchange, such as "cut?seconds=5".
  async fault(what) {
    const root = this.settings.rest_url.replace(/\/0\/public$/, "");
    const answer = await fetch(`${root}/simulator/${what}`, { method: "POST" });
    if (!answer.ok) throw new Error(`fault ${what}: ${answer.status}`);
  }

  // The daemon on that exchange. `tables` win: {server: {token: "..."}}.
  async daemon(tables = {}, port = 0) {
    const config = {
      storage: { path: path.join(this.folder, "candled.sqlite") },
      "exchange.kraken": {
        websocket_url: this.settings.websocket_url,
        rest_url: this.settings.rest_url,
        clock_rate: Number(this.settings.clock_rate),
        rest_interval: "5ms",
        hold_back: "1s",
      },
      training: { minimum_candles: 150 },
      model: { directory: path.join(this.folder, "models"), rounds: 30, depth: 4 },
      server: { listen: `127.0.0.1:${port}` },
      log: { format: "json" },
    };
    for (const [name, table] of Object.entries(tables)) config[name] = { ...config[name], ...table };
    const file = path.join(this.folder, "config.toml");
    writeFileSync(file, text(config));
    const daemon = this.start("daemon", ["--config", file]);
    const before = daemon.err().split("http server listens").length;
    daemon.url = await until("the daemon to listen", () => {
      if (!daemon.alive()) throw new Error(`the daemon ended: ${daemon.err().slice(-800)}`);
      const lines = daemon
        .err()
        .split("\n")
        .filter((line) => line.includes("http server listens"));
      return lines.length >= before && lines.at(-1) ? JSON.parse(lines.at(-1)).url : null;
    });
    return daemon;
  }

  async end() {
    for (const process of this.processes.reverse()) await process.stop("SIGKILL");
    if (!process.env.CANDLED_KEEP) rmSync(this.folder, { recursive: true, force: true });
    else console.log(`kept: ${this.folder}`);
  }
}
