// ChartData: everything one chart shows, for one market and one interval: bars, predictions, fills, indicators. It loads the newest
// part first and older parts when they are wanted, and takes in what the event stream brings. Drawing is somebody else's.
import { barsOf, fillsOf, indicatorsOf, predictionsOf, type Timed } from "../api/endpoints.ts";
import type { CandleRow, FillRow, PredictionRow, TradeSummary } from "../api/shapes.ts";
import { barOf, foldCandle, foldTrades, withSlots, type Bar } from "../data/bars.ts";
import { intervalSeconds, startOf } from "../data/intervals.ts";
import { sourcesOf } from "../data/overlays.ts";
import { seconds } from "../format/times.ts";

const page_bars = 1_500;
const older_pages_max = 8;
const rows_max = 2_000; // predictions or indicator rows in one answer
const fills_max = 5_000;
const prediction_step_max_s = 900; // on longer bars a mark for every minute says nothing

// What must be drawn anew: everything, the newest bar and what belongs to it, or only its price.
export type Change = "all" | "tail" | "price";

export class ChartData {
  readonly step: number;
  bars: Bar[] = [];
  fills: Timed<FillRow>[] = [];
  readonly predictions = new Map<number, PredictionRow>(); // by the start of the bar
  readonly indicators = new Map<string, Map<number, number | null>>();
  available: string[] = []; // names of all indicators; set by who asks for them
  hasOlder = true;
  private closed: Bar[] = [];
  private forming: Bar | null = null;
  private names: string[] = [];
  private busy = false;
  private gone = false;
  private readonly storedStep: number;

  constructor(
    readonly market: string,
    readonly interval: string,
    stored: string,
    private readonly changed: (change: Change) => void,
  ) {
    this.step = intervalSeconds(interval);
    this.storedStep = intervalSeconds(stored);
  }

  stop(): void {
    this.gone = true;
  }

  // What is new since the last bar, or the newest page.
  async refresh(): Promise<void> {
    await this.load(this.closed.at(-1));
  }

  // The newest page anew: a gap was found or filled, so bars that are on screen may have been revised.
  async reload(): Promise<void> {
    await this.load(undefined);
  }

  private async load(last: Bar | undefined): Promise<void> {
    const page = await barsOf(
      this.market,
      this.interval,
      last ? { from: last.time, limit: page_bars } : { limit: page_bars },
    );
    if (this.gone) return;
    if (this.closed.length === 0) this.hasOlder = page.older || page.bars.length === page_bars;
    const first = page.bars[0];
    // More happened than one page holds: what is between is loaded again from the newest end.
    if (last && first && first.time > last.time) {
      this.closed = [];
      this.hasOlder = true;
    }
    this.merge(page.bars);
    await Promise.all([this.loadPredictions(first?.time), this.loadFills(), this.loadIndicators(first?.time)]);
    this.tell("all");
  }

  // The more is loaded, the more pages at once: drawing all bars anew costs more than fetching some.
  async loadOlder(): Promise<void> {
    const first = this.closed[0];
    if (this.busy || !this.hasOlder || !first) return;
    this.busy = true;
    try {
      const wanted = Math.min(older_pages_max, Math.max(1, Math.round(this.closed.length / page_bars)));
      let older: Bar[] = [];
      for (let page = 0; page < wanted && this.hasOlder; page += 1) {
        const { bars, older: more } = await barsOf(this.market, this.interval, {
          to: (older[0] ?? first).time,
          limit: page_bars,
        });
        this.hasOlder = bars.length > 0 && more;
        older = [...bars, ...older];
      }
      if (this.gone) return;
      this.merge(older);
      const from = older[0]?.time;
      await Promise.all([this.loadPredictions(from, first.time), this.loadIndicators(from, first.time)]);
      this.tell("all");
    } finally {
      this.busy = false;
    }
  }

  async chooseIndicators(names: readonly string[]): Promise<void> {
    this.names = [...new Set(names.flatMap((name) => sourcesOf(name, this.available)))];
    for (const name of [...this.indicators.keys()]) if (!this.names.includes(name)) this.indicators.delete(name);
    const missing = this.names.filter((name) => !this.indicators.has(name));
    await this.loadIndicators(this.closed[0]?.time, undefined, missing);
    this.tell("all");
  }

  async onCandle(row: CandleRow): Promise<void> {
    if (row.market !== this.market) return;
    const bar = barOf(row);
    if (!bar) return;
    if (this.forming && this.forming.time <= bar.time) this.forming = null;
    if (this.step === this.storedStep) {
      const isNewest = bar.time >= (this.closed.at(-1)?.time ?? 0);
      this.merge([bar]);
      this.tell(isNewest && bar.time - (this.closed.at(-2)?.time ?? bar.time) <= this.step ? "tail" : "all");
    } else {
      const from = startOf(bar.time, this.step);
      const page = await barsOf(this.market, this.interval, { from, to: from + this.step, limit: 1 });
      this.merge(page.bars);
      this.tell("tail");
    }
    if (this.names.length > 0) {
      await this.loadIndicators(startOf(bar.time, this.step));
      this.tell("tail");
    }
  }

  onTrades(summary: TradeSummary): void {
    if (summary.market !== this.market) return;
    this.forming = foldTrades(this.forming, summary, this.storedStep);
    this.tell("price");
  }

  onPrediction(row: PredictionRow): void {
    const at = seconds(row.open_time);
    if (row.market !== this.market || at === null || this.step > prediction_step_max_s) return;
    this.predictions.set(startOf(at, this.step), row);
    this.tell("tail");
  }

  async onFills(): Promise<void> {
    await this.loadFills();
    this.tell("all");
  }

  private tell(change: Change): void {
    if (this.gone) return;
    this.bars = this.closed;
    const last = this.closed.at(-1) ?? null;
    if (
      this.forming &&
      (!last || this.forming.time > last.time || startOf(this.forming.time, this.step) === last.time)
    ) {
      const slot = startOf(this.forming.time, this.step);
      const inside = last?.time === slot && this.step > this.storedStep;
      if (inside)
        this.bars = [...this.closed.slice(0, -1), { ...foldCandle(last, this.forming, this.step), state: "forming" }];
      else if (!last || slot > last.time)
        this.bars = withSlots([...this.closed.slice(-1), { ...this.forming, time: slot }], this.step);
      if (!inside && this.bars !== this.closed) this.bars = [...this.closed.slice(0, -1), ...this.bars];
    }
    this.changed(change);
  }

  private merge(bars: readonly Bar[]): void {
    const last = this.closed.at(-1);
    const one = bars.length === 1 ? bars[0] : undefined;
    const first = this.closed[0];
    const newestOfThese = bars.at(-1);
    if (first && newestOfThese && newestOfThese.time < first.time) {
      // A page of older ones goes in front; what is there stays as it is.
      this.closed = [...withSlots([...bars, first], this.step).slice(0, -1), ...this.closed];
    } else if (one && last && one.time === last.time) this.closed = [...this.closed.slice(0, -1), one];
    else if (one && last && one.time === last.time + this.step) this.closed = [...this.closed, one];
    else this.closed = withSlots([...this.closed.filter((bar) => bar.state !== "absent"), ...bars], this.step);
  }

  private async loadPredictions(from?: number, to?: number): Promise<void> {
    if (this.step > prediction_step_max_s || from === undefined) return;
    for (let end = to; ; ) {
      const rows = await predictionsOf(this.market, { from, to: end, limit: rows_max });
      for (const row of rows) this.predictions.set(startOf(row.at, this.step), row);
      if (rows.length < rows_max) return;
      end = rows[0]!.at;
    }
  }

  private async loadFills(): Promise<void> {
    this.fills = await fillsOf(this.market, fills_max);
  }

  private async loadIndicators(from?: number, to?: number, names: readonly string[] = this.names): Promise<void> {
    if (names.length === 0 || from === undefined) return;
    for (let end = to; ; ) {
      const { rows, older } = await indicatorsOf(this.market, [...names], this.interval, {
        from,
        to: end,
        limit: rows_max,
      });
      for (const name of names) {
        const values = this.indicators.get(name) ?? new Map<number, number | null>();
        for (const row of rows) values.set(row.time, row.values[name] ?? null);
        this.indicators.set(name, values);
      }
      if (!older || rows.length === 0) return;
      end = rows[0]!.time;
    }
  }
}
