// Marks on the candles: what was predicted (a small dot) and what a paper account did (an arrow).
import type { SeriesMarker, Time, UTCTimestamp } from "lightweight-charts";
import type { Timed } from "../api/endpoints.ts";
import type { FillRow, PredictionRow } from "../api/shapes.ts";
import { startOf } from "../data/intervals.ts";
import type { ChartColors } from "./colors.ts";

export interface Marked {
  step: number;
  firstTime: number;
  lastTime: number;
  predictions: ReadonlyMap<number, PredictionRow>;
  fills: readonly Timed<FillRow>[];
}

// Every signal where there is room for it; from afar only where it turns.
export function predictionMarks(marked: Marked, colors: ChartColors, everyOne: boolean): SeriesMarker<Time>[] {
  const marks: SeriesMarker<Time>[] = [];
  let before = "hold";
  for (const time of [...marked.predictions.keys()].sort((a, b) => a - b)) {
    const { signal } = marked.predictions.get(time)!;
    const turns = signal !== before;
    before = signal;
    if (signal === "hold" || (!turns && !everyOne) || time < marked.firstTime || time > marked.lastTime) continue;
    const up = signal === "buy";
    marks.push({
      time: time as UTCTimestamp,
      position: up ? "belowBar" : "aboveBar",
      shape: "circle",
      color: up ? colors.up : colors.down,
      size: 0.4,
    });
  }
  return marks;
}

// One arrow for all fills of one side in a bar.
export function fillMarks(
  marked: Marked,
  colors: ChartColors,
  strategy: string,
  withText: boolean,
): SeriesMarker<Time>[] {
  if (strategy === "none") return [];
  const groups = new Map<string, { time: number; side: string; count: number }>();
  for (const fill of marked.fills) {
    if (strategy !== "all" && fill.strategy !== strategy) continue;
    const time = startOf(fill.at, marked.step);
    if (time < marked.firstTime || time > marked.lastTime) continue;
    const key = `${time} ${fill.side}`;
    const group = groups.get(key);
    if (group) group.count += 1;
    else groups.set(key, { time, side: fill.side, count: 1 });
  }
  return [...groups.values()].map(({ time, side, count }) => ({
    time: time as UTCTimestamp,
    position: side === "buy" ? "belowBar" : "aboveBar",
    shape: side === "buy" ? "arrowUp" : "arrowDown",
    color: side === "buy" ? colors.up : colors.down,
    ...(withText ? { text: count > 1 ? `${side} ×${count}` : side } : { size: 0.6 }),
  }));
}
