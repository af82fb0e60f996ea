import assert from "node:assert/strict";
import test from "node:test";
import { drawdownCurves, drawdownOf, equityCurves, marksOn, type StrategySeries } from "../src/report/series.ts";

const strategy = (name: string, benchmark: boolean, equity: [number, number][]): StrategySeries => ({
  strategy: name,
  benchmark,
  equity,
  fills: { count: 0, one_of: 1, marks: [] },
  returns: { sample: "1m", count: 0, bars: [] },
});

test("drawdown is the way down from the highest so far", () => {
  const values = drawdownOf([
    [1, 100],
    [2, 80],
    [3, 200],
    [4, 150],
  ]).map((point) => point.value);
  assert.deepEqual(values, [0, 80 / 100 - 1, 0, 150 / 200 - 1]);
  assert.deepEqual(drawdownOf([[1, 0]])[0]!.value, 0);
});

test("benchmarks are muted, and flat has no drawdown", () => {
  const all = [strategy("mine", false, [[1, 1]]), strategy("buy_and_hold", true, []), strategy("flat", true, [])];
  assert.deepEqual(
    equityCurves(all).map((curve) => curve.color),
    [0, -1, -2],
  );
  assert.deepEqual(
    drawdownCurves(all).map((curve) => curve.name),
    ["mine", "buy_and_hold"],
  );
});

test("marks stand at points of the price, in order", () => {
  const price: [number, number][] = [
    [60, 1],
    [120, 2],
    [180, 3],
  ];
  const marks = marksOn(price, [
    [179, 9, "sell"],
    [60, 8, "buy"],
    [500, 7, "buy"],
    [3, 6, "sell"],
  ]);
  assert.deepEqual(
    marks.map(({ time, side, price: at }) => [time, side, at]),
    [
      [60, "sell", 6],
      [60, "buy", 8],
      [120, "sell", 9],
      [180, "buy", 7],
    ],
  );
  assert.deepEqual(marksOn([], [[1, 1, "buy"]]), []);
});
