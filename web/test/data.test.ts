import assert from "node:assert/strict";
import test from "node:test";
import { EventParser } from "../src/api/event_parser.ts";
import { coverage, medianByMinute, summary } from "../src/data/coverage.ts";
import { linesOf, sourcesOf } from "../src/data/overlays.ts";
import { drawdowns, hitRate } from "../src/data/score.ts";

const near = (a: number | null | undefined, b: number) =>
  assert.ok(typeof a === "number" && Math.abs(a - b) < 1e-9, `${a} is not ${b}`);

test("an average comes back from its ratio", () => {
  const [line] = linesOf("sma_ratio_20", [110, null, 90], new Map([["sma_ratio_20", [0.1, 0.1, null]]]));
  assert.equal(line!.label, "sma_20");
  assert.ok(line!.onPrice);
  near(line!.values[0], 100);
  assert.deepEqual(line!.values.slice(1), [null, null]);
});

test("Bollinger's bands come back from place and width", () => {
  const [lower, middle, upper] = [95, 100, 105];
  const close = 103;
  const values = new Map([
    ["bb_percent_b_20_2", [(close - lower) / (upper - lower)]],
    ["bb_bandwidth_20_2", [(upper - lower) / middle]],
  ]);
  assert.deepEqual(sourcesOf("bb_bandwidth_20_2", [...values.keys()]), ["bb_percent_b_20_2", "bb_bandwidth_20_2"]);
  const lines = linesOf("bb_percent_b_20_2", [close], values);
  assert.deepEqual(
    lines.map((line) => line.label),
    ["bb_upper_20_2", "bb_middle_20_2", "bb_lower_20_2"],
  );
  near(lines[0]!.values[0], upper);
  near(lines[1]!.values[0], middle);
  near(lines[2]!.values[0], lower);
});

test("any other indicator has a pane of its own", () => {
  const [line] = linesOf("rsi_14", [1, 2], new Map([["rsi_14", [null, 55]]]));
  assert.deepEqual([line!.onPrice, line!.values], [false, [null, 55]]);
});

test("events arrive in pieces, heartbeats vanish", () => {
  const parser = new EventParser();
  assert.deepEqual(parser.feed("id: 5.1\nevent: can"), []);
  assert.deepEqual(parser.feed('dle\ndata: {"a":\n'), []);
  assert.deepEqual(parser.feed("data: 1}\n\n: heartbeat\n\ndata:x\r\n\r\n"), [
    { type: "candle", data: '{"a":\n1}', id: "5.1" },
    { type: "message", data: "x", id: "5.1" },
  ]);
  assert.deepEqual(parser.feed("event: nothing\n\n"), []);
});

test("hit rate beside a coin", () => {
  const score = hitRate([
    { probability_up: 0.6, outcome: 1 },
    { probability_up: 0.6, outcome: 0 },
    { probability_up: 0.4, outcome: 0 },
    { probability_up: 0.4, outcome: null },
  ]);
  assert.equal(score.known, 3);
  near(score.rate, 2 / 3);
  assert.equal(hitRate([]).rate, null);
});

test("drawdowns", () => {
  const falls = drawdowns([100, 120, 90, 130]);
  near(falls[2], -0.25);
  assert.deepEqual([falls[0], falls[3]], [0, 0]);
});

test("coverage: the four shares add up to one", () => {
  const bar = (time: number, candles: number, quietCandles: number, gapCandles: number) => ({
    time,
    candles,
    quietCandles,
    gapCandles,
    open: null,
    high: null,
    low: null,
    close: null,
    volume: 0,
    buyVolume: null,
    trades: null,
    state: "traded" as const,
    revision: 0,
  });
  const stretches = coverage([bar(0, 60, 15, 0), bar(3600, 30, 0, 30), bar(7200, 30, 0, 0)], 3600, 60, 7200 + 1800);
  for (const one of stretches) near(one.traded + one.quiet + one.gap + one.absent, 1);
  near(stretches[0]!.quiet, 0.25);
  near(stretches[1]!.gap, 0.5);
  near(stretches[1]!.absent, 0.5);
  near(stretches[2]!.absent, 0); // half of this hour is still to come
  near(summary(stretches).gap, 0.5 / 3);
});

test("medians by minute", () => {
  assert.deepEqual(
    medianByMinute([
      { at: 61, value: 5 },
      { at: 62, value: 1 },
      { at: 63, value: 3 },
      { at: 5, value: 9 },
    ]),
    [
      { time: 0, value: 9 },
      { time: 60, value: 3 },
    ],
  );
});
