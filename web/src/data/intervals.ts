// The intervals of the chart, and lengths of time as the API writes them ("1m", "90s", "1d").
export const chartIntervals = ["1m", "5m", "15m", "30m", "1h", "4h", "1d"] as const;

const unitSeconds: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

// NaN for a text that is none.
export function intervalSeconds(text: string): number {
  const found = /^(\d+)([smhdw])$/.exec(text);
  return found ? Number(found[1]) * (unitSeconds[found[2]!] ?? Number.NaN) : Number.NaN;
}

// Those that candles of this length can be added up to; the stored one is always among them.
export function intervalsFor(stored: string): string[] {
  const base = intervalSeconds(stored);
  const fitting = chartIntervals.filter((one) => intervalSeconds(one) % base === 0);
  return fitting.includes(stored as (typeof chartIntervals)[number]) ? [...fitting] : [stored, ...fitting];
}

export function startOf(time: number, step: number): number {
  return Math.floor(time / step) * step;
}
