// How often predictions came true, beside what a coin would get on as many.
import { isNumber } from "../format/numbers.ts";

export interface HitRate {
  known: number;
  rate: number | null;
  low: number; // 95 % of coins are between low and high
  high: number;
}

export function hitRate(rows: readonly { probability_up: number | null; outcome: number | null }[]): HitRate {
  const judged = rows.filter((row) => isNumber(row.outcome) && isNumber(row.probability_up));
  const hits = judged.filter((row) => row.probability_up! > 0.5 === (row.outcome === 1)).length;
  const width = judged.length > 0 ? 1.96 * Math.sqrt(0.25 / judged.length) : 0.5;
  return {
    known: judged.length,
    rate: judged.length > 0 ? hits / judged.length : null,
    low: Math.max(0, 0.5 - width),
    high: Math.min(1, 0.5 + width),
  };
}

// The deepest fall from a peak so far, as a fraction of the peak, after each point.
export function drawdowns(values: readonly number[]): number[] {
  let peak = Number.NEGATIVE_INFINITY;
  return values.map((value) => {
    peak = Math.max(peak, value);
    return peak > 0 ? value / peak - 1 : 0;
  });
}
