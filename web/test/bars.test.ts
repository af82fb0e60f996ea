import assert from "node:assert/strict";
import test from "node:test";
import { barOf, foldCandle, foldTrades, withSlots, type Bar } from "../src/data/bars.ts";
import type { CandleRow, TradeSummary } from "../src/api/shapes.ts";
import { intervalSeconds, intervalsFor, startOf } from "../src/data/intervals.ts";

function row(minute: number, more: Partial<CandleRow> = {}): CandleRow {
  return {
    market: "kraken:BTC/USD",
    interval: "1m",
    open_time: new Date(minute * 60_000).toISOString(),
    open: 10,
    high: 12,
    low: 9,
    close: 11,
    volume: 2,
    buy_volume: 1,
    trades: 3,
    state: "traded",
    revision: 0,
    buy_trades: 2,
    up_ticks: 1,
    down_ticks: 1,
    largest: 1,
    turnover: 20,
    longest_pause_s: 9,
    ...more,
  };
}
const bar = (minute: number, more: Partial<CandleRow> = {}): Bar => barOf(row(minute, more))!;

test("a gap has no prices and is counted", () => {
  const gap = bar(1, { state: "gap", open: null, high: null, low: null, close: null, volume: 0 });
  assert.equal(gap.open, null);
  assert.equal(gap.gapCandles, 1);
  assert.equal(barOf(row(1, { open_time: "never" })), null);
});

test("slots: sorted, one bar a time, holes as wide as they lasted, the later row wins", () => {
  const bars = withSlots([bar(5), bar(1), bar(2), bar(2, { close: 99 })], 60);
  assert.deepEqual(
    bars.map((one) => one.time / 60),
    [1, 2, 3, 4, 5],
  );
  assert.deepEqual(
    bars.map((one) => one.state),
    ["traded", "traded", "absent", "absent", "traded"],
  );
  assert.equal(bars[1]!.close, 99);
  assert.equal(withSlots([bar(0), bar(100_000)], 60, 10).length, 12);
  assert.deepEqual(withSlots([], 60), []);
});

test("folding closed candles into a longer bar", () => {
  const first = foldCandle(null, bar(5), 300);
  assert.equal(first.time, 300);
  const two = foldCandle(first, bar(6, { high: 20, low: 1, close: 5 }), 300);
  assert.deepEqual([two.open, two.high, two.low, two.close, two.volume, two.trades], [10, 20, 1, 5, 4, 6]);
  const gap = foldCandle(
    two,
    bar(7, { state: "gap", open: null, high: null, low: null, close: null, volume: 0, trades: null }),
    300,
  );
  assert.deepEqual([gap.state, gap.close, gap.gapCandles, gap.trades], ["gap", 5, 1, null]);
  assert.equal(foldCandle(gap, bar(10), 300).time, 600);
});

test("live trades make a forming candle, and an old summary changes nothing", () => {
  const at = (second: number) => new Date(second * 1000).toISOString();
  const summary = (time: string, more: Partial<TradeSummary> = {}): TradeSummary => ({
    market: "m",
    count: 1,
    last_trade_id: 7,
    time,
    price: 99,
    high: 99,
    low: 99,
    volume: 1,
    buy_volume: 0,
    ...more,
  });
  const one = foldTrades(null, summary(at(61), { count: 2, price: 10, high: 50, low: 1 }), 60)!;
  assert.deepEqual([one.time, one.open, one.high, one.low, one.state], [60, 10, 10, 10, "forming"]);
  const two = foldTrades(one, summary(at(70), { count: 3, price: 12, high: 13, low: 9, volume: 2 }), 60)!;
  assert.deepEqual([two.high, two.low, two.close, two.volume, two.trades], [13, 9, 12, 3, 5]);
  assert.equal(foldTrades(two, summary(at(59)), 60), two);
  assert.equal(foldTrades(two, summary("?"), 60), two);
});

test("intervals", () => {
  assert.equal(intervalSeconds("15m"), 900);
  assert.ok(Number.isNaN(intervalSeconds("fortnight")));
  assert.deepEqual(intervalsFor("1m"), ["1m", "5m", "15m", "30m", "1h", "4h", "1d"]);
  assert.deepEqual(intervalsFor("10s").slice(0, 2), ["10s", "1m"]);
  assert.deepEqual(intervalsFor("1h"), ["1h", "4h", "1d"]);
  assert.equal(startOf(3661, 3600), 3600);
});
