// Coverage: how much of each stretch of time was traded, proven quiet, a gap, or is not on record at all.
import { type Bar } from "./bars.ts";

export interface Stretch {
  time: number;
  traded: number; // shares of the stretch; the four add up to 1
  quiet: number;
  gap: number;
  absent: number;
}

// `bars` of length `step`, made of stored candles of length `stored`, all in seconds; `candles` says how many are in each. The stretch
// that is still going on (up to `now`) is measured against the part that is over.
export function coverage(
  bars: readonly (Bar & { candles?: number })[],
  step: number,
  stored: number,
  now: number,
): Stretch[] {
  return bars.map((bar) => {
    const over = Math.min(step, Math.max(stored, now - bar.time));
    const due = Math.max(1, Math.floor(over / stored), bar.candles ?? 0);
    const gap = bar.gapCandles / due;
    const quiet = bar.quietCandles / due;
    const traded = Math.max(0, (bar.candles ?? 0) - bar.gapCandles - bar.quietCandles) / due;
    return { time: bar.time, traded, quiet, gap, absent: Math.max(0, 1 - traded - quiet - gap) };
  });
}

export function summary(stretches: readonly Stretch[]): Omit<Stretch, "time"> {
  const mean = (key: "traded" | "quiet" | "gap" | "absent") =>
    stretches.length === 0 ? 0 : stretches.reduce((sum, one) => sum + one[key], 0) / stretches.length;
  return { traded: mean("traded"), quiet: mean("quiet"), gap: mean("gap"), absent: mean("absent") };
}

// The median of `values` in each minute, oldest first.
export function medianByMinute(points: readonly { at: number; value: number }[]): { time: number; value: number }[] {
  const minutes = new Map<number, number[]>();
  for (const { at, value } of points) {
    const minute = Math.floor(at / 60) * 60;
    const list = minutes.get(minute);
    if (list) list.push(value);
    else minutes.set(minute, [value]);
  }
  return [...minutes.entries()]
    .sort((a, b) => a[0] - b[0])
    .map(([time, values]) => {
      values.sort((a, b) => a - b);
      return { time, value: values[Math.floor(values.length / 2)]! };
    });
}
