// The data of a backtest's page, as src/report/chart_series.cpp writes it, and what is reckoned from it.
import type { Curve, CurveMark } from "../chart/line_chart.ts";

type Point = [second: number, value: number];

export interface StrategySeries {
  strategy: string;
  benchmark: boolean;
  equity: Point[];
  fills: { count: number; one_of: number; marks: [second: number, price: number, side: "buy" | "sell"][] };
  returns: { sample: string; count: number; bars: [from: number, to: number, count: number][] };
}

export interface ReportData {
  report: {
    model: { importance: { feature: string; weight: number | null }[] } | null;
    predictions: { calibration: { mean_probability: number | null; up_share: number | null; rows: number }[] };
  };
  series: { quote: string; price: Point[]; strategies: StrategySeries[] };
}

const pointsOf = (points: readonly Point[]) => points.map(([time, value]) => ({ time, value }));

// Benchmarks are muted: buy_and_hold dashed, flat dotted.
export function colorOf(strategy: StrategySeries, place: number): number {
  if (!strategy.benchmark) return place;
  return strategy.strategy === "flat" ? -2 : -1;
}

export const equityCurves = (strategies: readonly StrategySeries[]): Curve[] =>
  strategies.map((one, i) => ({ name: one.strategy, color: colorOf(one, i), points: pointsOf(one.equity) }));

// How far below the highest so far. Thinned curves keep the highest and the lowest of each part, so its depths are exact.
export function drawdownOf(points: readonly Point[]): { time: number; value: number }[] {
  let peak = 0;
  return points.map(([time, value]) => {
    peak = Math.max(peak, value);
    return { time, value: peak > 0 ? value / peak - 1 : 0 };
  });
}

export const drawdownCurves = (strategies: readonly StrategySeries[]): Curve[] =>
  strategies.flatMap((one, i) =>
    one.strategy === "flat" ? [] : [{ name: one.strategy, color: colorOf(one, i), points: drawdownOf(one.equity) }],
  );

export const priceCurve = (price: readonly Point[]): Curve => ({ name: "price", color: 0, points: pointsOf(price) });

// Marks stand at points of the curve: at the last one that is not later.
export function marksOn(price: readonly Point[], marks: StrategySeries["fills"]["marks"]): (CurveMark & { price: number })[] {
  let at = 0;
  return [...marks]
    .sort((a, b) => a[0] - b[0])
    .flatMap(([second, value, side]) => {
      while (at + 1 < price.length && price[at + 1]![0] <= second) at += 1;
      return price[at] ? [{ time: price[at]![0], side, price: value }] : [];
    });
}
