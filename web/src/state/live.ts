// Live: the one place that keeps in touch with the daemon. It holds the newest status, follows the event stream, and where there is
// no stream asks for the status again and again. Views listen to topics: what changed, not what it is.
import { ApiProblem, get } from "../api/client.ts";
import type { StreamEvent } from "../api/event_parser.ts";
import type { CandleRow, PredictionRow, Status, TradeSummary } from "../api/shapes.ts";
import { EventStream } from "../api/stream.ts";
import { Observable } from "./observable.ts";

// "starting": nothing heard yet. "asking": reached, but by asking every few seconds. "token": it wants one.
export type Connection = "starting" | "streaming" | "asking" | "unreachable" | "token";
export type Topic = "candle" | "prediction" | "fill" | "equity" | "gap" | "model";

const topics: Topic[] = ["candle", "prediction", "fill", "equity", "gap", "model"];
const ask_ms = 2_000;
const ask_calm_ms = 10_000; // beside a stream, and while a token is wanted
const topic_pause_ms = 400; // a burst of events is one change

class Live {
  readonly status = new Observable<Status | null>(null);
  readonly connection = new Observable<Connection>("starting");
  readonly lastAnswer = new Observable<number | null>(null); // our clock, seconds
  readonly versions = Object.fromEntries(topics.map((topic) => [topic, new Observable(0)])) as Record<
    Topic,
    Observable<number>
  >;
  readonly candle = new Observable<CandleRow | null>(null);
  readonly trades = new Observable<TradeSummary | null>(null);
  readonly prediction = new Observable<PredictionRow | null>(null);

  private stream: EventStream | null = null;
  private streaming = false;
  private timer = 0;
  private changed = new Set<Topic>();
  private changeTimer = 0;

  start(): void {
    this.openStream();
    void this.ask();
    window.addEventListener("online", () => this.hurry());
    window.addEventListener("offline", () => this.stream?.cut());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.hurry();
    });
  }

  // A token was given: everything from the beginning.
  restart(): void {
    this.stream?.stop();
    this.streaming = false;
    this.openStream();
    this.hurry();
  }

  hurry(): void {
    this.stream?.hurry();
    clearTimeout(this.timer);
    void this.ask();
  }

  changedNow(...which: Topic[]): void {
    for (const topic of which) this.changed.add(topic);
    if (this.changeTimer) return;
    this.changeTimer = window.setTimeout(() => {
      this.changeTimer = 0;
      const now = [...this.changed];
      this.changed.clear();
      for (const topic of now) this.versions[topic].set(this.versions[topic].value + 1);
    }, topic_pause_ms);
  }

  private openStream(): void {
    this.stream = new EventStream("/api/v1/stream", {
      onEvent: (event) => this.onEvent(event),
      onOpen: () => {
        this.streaming = true;
        this.connection.set("streaming");
        this.changedNow(...topics); // what happened while it was not open
      },
      onClosed: () => {
        this.streaming = false;
        this.hurry();
      },
      onAbsent: () => {
        this.streaming = false;
      },
      onRefused: () => this.connection.set("token"),
    });
    this.stream.start();
  }

  private onEvent(event: StreamEvent): void {
    let data: unknown;
    try {
      data = JSON.parse(event.data);
    } catch {
      return;
    }
    if (typeof data !== "object" || data === null) return;
    this.lastAnswer.set(Date.now() / 1000);
    if (event.type === "trade") this.trades.set(data as TradeSummary);
    else if (event.type === "candle") this.candle.set(data as CandleRow);
    else if (event.type === "prediction") this.prediction.set(data as PredictionRow);
    else if (event.type === "status") this.askSoon();
    else if (event.type === "reset") this.changedNow(...topics);
    if ((topics as string[]).includes(event.type)) this.changedNow(event.type as Topic);
  }

  private askSoon(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), topic_pause_ms);
  }

  private async ask(): Promise<void> {
    try {
      const status = await get<Status>("/api/v1/status");
      this.lastAnswer.set(Date.now() / 1000);
      const before = this.status.value;
      this.status.set(status);
      this.connection.set(this.streaming ? "streaming" : "asking");
      const news = before?.last_sequence !== status.last_sequence || before?.champion !== status.champion;
      if (!this.streaming && news) this.changedNow(...topics);
    } catch (problem) {
      if (problem instanceof ApiProblem && problem.needsToken) this.connection.set("token");
      else if (!this.streaming) this.connection.set("unreachable");
    }
    clearTimeout(this.timer);
    const calm = this.streaming || this.connection.value === "token";
    this.timer = window.setTimeout(() => void this.ask(), calm ? ask_calm_ms : ask_ms);
  }
}

export const live = new Live();
