// The daemon's event stream, read with fetch because EventSource cannot send a token. Goes on where it stopped (Last-Event-ID),
// comes back by itself, and says when this daemon has no stream at all.
import { authorization } from "./client.ts";
import { EventParser, type StreamEvent } from "./event_parser.ts";

export interface StreamListener {
  onEvent(event: StreamEvent): void;
  onOpen(): void;
  onClosed(): void;
  onAbsent(): void; // 404: ask again and again instead
  onRefused(): void; // 401
}

const silence_ms = 45_000; // heartbeats come more often
const pause_ms_min = 500;
const pause_ms_max = 10_000;

export class EventStream {
  private lastId = "";
  private pause_ms = pause_ms_min;
  private abort: AbortController | null = null;
  private timer = 0;
  private stopped = false;

  constructor(
    private readonly url: string,
    private readonly listener: StreamListener,
  ) {}

  start(): void {
    void this.run();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.abort?.abort();
  }

  // Gives this connection up and makes another: the network is gone, whatever the socket believes.
  cut(): void {
    this.abort?.abort();
  }

  // At once instead of after the pause: the reader came back to the tab, or the network did.
  hurry(): void {
    if (this.stopped || this.abort) return;
    clearTimeout(this.timer);
    this.pause_ms = pause_ms_min;
    this.start();
  }

  private again(): void {
    if (this.stopped) return;
    this.timer = window.setTimeout(() => this.start(), this.pause_ms * (0.75 + Math.random() / 2));
    this.pause_ms = Math.min(this.pause_ms * 2, pause_ms_max);
  }

  private async run(): Promise<void> {
    const abort = new AbortController();
    this.abort = abort;
    let opened = false;
    try {
      const headers: Record<string, string> = { Accept: "text/event-stream", ...authorization() };
      if (this.lastId) headers["Last-Event-ID"] = this.lastId;
      const response = await fetch(this.url, { headers, cache: "no-store", signal: abort.signal });
      if (response.status === 404) return this.finish(() => this.listener.onAbsent());
      if (response.status === 401) return this.finish(() => this.listener.onRefused());
      if (response.ok && response.body) {
        opened = true;
        this.pause_ms = pause_ms_min;
        this.listener.onOpen();
        await this.read(response.body, abort);
      }
    } catch {
      // Cut, silent for too long, or not reachable: all the same from here.
    }
    this.abort = null;
    if (opened) this.listener.onClosed();
    this.again();
  }

  private finish(tell: () => void): void {
    this.abort = null;
    this.stopped = true;
    tell();
  }

  private async read(body: ReadableStream<Uint8Array>, abort: AbortController): Promise<void> {
    const reader = body.getReader();
    const parser = new EventParser();
    const decoder = new TextDecoder();
    for (;;) {
      const watchdog = window.setTimeout(() => abort.abort(), silence_ms);
      const { done, value } = await reader.read().finally(() => clearTimeout(watchdog));
      if (done) return;
      for (const event of parser.feed(decoder.decode(value, { stream: true }))) {
        if (event.id) this.lastId = event.id;
        this.listener.onEvent(event);
      }
    }
  }
}
