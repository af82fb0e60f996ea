// Bar: one candle of the chart, of any interval, and how stored candles and live trades are folded into one.
import type { CandleRow, TradeSummary } from "../api/shapes.ts";
import { seconds } from "../format/times.ts";
import { startOf } from "./intervals.ts";

export type BarState = "traded" | "quiet" | "gap" | "absent" | "forming";

export interface Bar {
  time: number; // seconds, start of the bar
  open: number | null; // null: nothing is known (gap, absent)
  high: number | null;
  low: number | null;
  close: number | null;
  volume: number;
  buyVolume: number | null;
  trades: number | null;
  state: BarState;
  quietCandles: number; // stored candles in it that were quiet
  gapCandles: number; // and those that are gaps
  revision: number;
}

export function barOf(row: CandleRow): Bar | null {
  const time = seconds(row.open_time);
  if (time === null) return null;
  return {
    time,
    open: row.open,
    high: row.high,
    low: row.low,
    close: row.close,
    volume: row.volume,
    buyVolume: row.buy_volume,
    trades: row.trades,
    state: row.state,
    quietCandles: row.quiet_candles ?? (row.state === "quiet" ? 1 : 0),
    gapCandles: row.gap_candles ?? (row.state === "gap" ? 1 : 0),
    revision: row.revision ?? 0,
  };
}

function absent(time: number): Bar {
  return {
    time,
    open: null,
    high: null,
    low: null,
    close: null,
    volume: 0,
    buyVolume: null,
    trades: null,
    state: "absent",
    quietCandles: 0,
    gapCandles: 0,
    revision: 0,
  };
}

// Ascending, one bar a time (the later row wins), and a slot for each step without a row, so that a hole in the record is as
// wide as the time it lasted. A hole of more than `slotsMax` steps is cut to that many.
export function withSlots<T extends Bar>(bars: readonly T[], step: number, slotsMax = 720): (T | Bar)[] {
  const sorted = [...bars].sort((a, b) => a.time - b.time);
  const result: (T | Bar)[] = [];
  for (const bar of sorted) {
    const last = result.at(-1);
    if (last && last.time === bar.time) {
      result[result.length - 1] = bar;
      continue;
    }
    if (last) {
      const missing = Math.min(slotsMax, Math.round((bar.time - last.time) / step) - 1);
      for (let i = missing; i >= 1; i -= 1) result.push(absent(bar.time - i * step));
    }
    result.push(bar);
  }
  return result;
}

const larger = (a: number | null, b: number | null) => (a === null ? b : b === null ? a : Math.max(a, b));
const smaller = (a: number | null, b: number | null) => (a === null ? b : b === null ? a : Math.min(a, b));
const sum = (a: number | null, b: number | null) => (a === null || b === null ? null : a + b);

// The bar of length `step` that a newly closed stored candle leaves behind: `last` with it, or a new one. `candle` must be the
// one behind everything in `last`.
export function foldCandle(last: Bar | null, candle: Bar, step: number): Bar {
  const time = startOf(candle.time, step);
  if (!last || last.time !== time || last.state === "forming" || last.state === "absent") return { ...candle, time };
  return {
    time,
    open: last.open ?? candle.open,
    high: larger(last.high, candle.high),
    low: smaller(last.low, candle.low),
    close: candle.close ?? last.close,
    volume: last.volume + candle.volume,
    buyVolume: sum(last.buyVolume, candle.buyVolume),
    trades: sum(last.trades, candle.trades),
    state:
      last.state === "gap" || candle.state === "gap"
        ? "gap"
        : last.state === "quiet" && candle.state === "quiet"
          ? "quiet"
          : "traded",
    quietCandles: last.quietCandles + candle.quietCandles,
    gapCandles: last.gapCandles + candle.gapCandles,
    revision: Math.max(last.revision, candle.revision),
  };
}

// What is known of the candle that is still open, from summaries of live trades.
export function foldTrades(forming: Bar | null, trades: TradeSummary, step: number): Bar | null {
  const at = seconds(trades.time);
  if (at === null) return forming;
  const time = startOf(at, step);
  if (forming && forming.time > time) return forming;
  if (!forming || forming.time !== time) {
    // A summary may begin in the candle before; its last price is the only one that is surely of this candle.
    return {
      time,
      open: trades.price,
      high: trades.price,
      low: trades.price,
      close: trades.price,
      volume: trades.volume,
      buyVolume: null,
      trades: trades.count,
      state: "forming",
      quietCandles: 0,
      gapCandles: 0,
      revision: 0,
    };
  }
  return {
    ...forming,
    high: larger(forming.high, trades.high),
    low: smaller(forming.low, trades.low),
    close: trades.price,
    volume: forming.volume + trades.volume,
    trades: (forming.trades ?? 0) + trades.count,
  };
}
