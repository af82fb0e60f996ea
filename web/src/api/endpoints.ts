// The requests of the page by name, in the page's own nouns: seconds, oldest first.
import { barOf, type Bar } from "../data/bars.ts";
import { iso, seconds } from "../format/times.ts";
import { get } from "./client.ts";
import type {
  BacktestRow,
  CandleRow,
  EquityRow,
  FillRow,
  GapRow,
  Health,
  IndicatorInfo,
  ModelCard,
  ModelRow,
  PredictionRow,
  Status,
  StrategyRow,
  TradeRow,
} from "./shapes.ts";

export interface Span {
  from?: number; // seconds, included
  to?: number; // not included
  limit: number;
}

const timeOf = (time: number | undefined) => (time === undefined ? undefined : iso(time));
const spanOf = (span: Span) => ({ from: timeOf(span.from), to: timeOf(span.to), limit: span.limit });

interface Page {
  next?: string | null;
}

export interface BarPage {
  bars: (Bar & { candles: number })[]; // candles: stored ones in the bar
  older: boolean; // there is more before
}

export async function barsOf(market: string, interval: string, span: Span): Promise<BarPage> {
  const answer = await get<Page & { candles: CandleRow[] }>("/api/v1/candles", { market, interval, ...spanOf(span) });
  const bars: BarPage["bars"] = [];
  for (const row of answer.candles) {
    const bar = barOf(row);
    if (bar) bars.push({ ...bar, candles: row.candles ?? 1 });
  }
  return { bars: bars.reverse(), older: Boolean(answer.next) };
}

export type Timed<T> = T & { at: number };

function timed<T>(rows: readonly T[], time: (row: T) => string): Timed<T>[] {
  return rows
    .map((row) => ({ ...row, at: seconds(time(row)) ?? Number.NaN }))
    .filter((row) => !Number.isNaN(row.at))
    .reverse();
}

export async function predictionsOf(market: string, span: Span): Promise<Timed<PredictionRow>[]> {
  const answer = await get<{ predictions: PredictionRow[] }>("/api/v1/predictions", { market, ...spanOf(span) });
  return timed(answer.predictions, (row) => row.open_time);
}

export async function newestPrediction(market: string): Promise<PredictionRow | null> {
  return (await predictionsOf(market, { limit: 1 })).at(-1) ?? null;
}

export async function fillsOf(market: string, limit: number, strategy?: string): Promise<Timed<FillRow>[]> {
  const answer = await get<{ fills: FillRow[] }>("/api/v1/fills", { market, strategy, limit });
  return timed(answer.fills, (row) => row.time);
}

export async function equityOf(
  market: string,
  strategy: string,
  interval: string,
  span: Span,
): Promise<Timed<EquityRow>[]> {
  const answer = await get<{ equity: EquityRow[] }>("/api/v1/equity", { market, strategy, interval, ...spanOf(span) });
  return timed(answer.equity, (row) => row.time);
}

export async function strategiesOf(market: string): Promise<StrategyRow[]> {
  const answer = await get<{ strategies: StrategyRow[] }>("/api/v1/strategies");
  return answer.strategies.filter((row) => row.market === market);
}

export async function modelsOf(limit: number): Promise<ModelRow[]> {
  return (await get<{ models: ModelRow[] }>("/api/v1/models", { limit })).models;
}

export async function gapsOf(market: string, limit: number): Promise<GapRow[]> {
  return (await get<{ gaps: GapRow[] }>("/api/v1/gaps", { market, limit })).gaps;
}

export async function backtestsOf(market: string, limit: number): Promise<BacktestRow[]> {
  const answer = await get<{ backtests: BacktestRow[] }>("/api/v1/backtests", { limit });
  return answer.backtests.filter((row) => row.market === market);
}

export const cardOf = (model: string): Promise<ModelCard> =>
  get<ModelCard>(`/api/v1/models/${encodeURIComponent(model)}`);

export async function indicatorsKnown(market: string): Promise<IndicatorInfo[]> {
  return (await get<{ indicators: IndicatorInfo[] }>("/api/v1/indicators", { market })).indicators;
}

export interface IndicatorValues {
  time: number;
  values: Record<string, number | null>;
}

export async function indicatorsOf(
  market: string,
  names: string[],
  interval: string,
  span: Span,
): Promise<{ rows: IndicatorValues[]; older: boolean }> {
  const answer = await get<Page & { indicators: ({ open_time: string } & Record<string, number | null | string>)[] }>(
    `/api/v1/indicators/${names.map(encodeURIComponent).join(",")}`,
    { market, interval, ...spanOf(span) },
  );
  const rows = timed(answer.indicators, (row) => row.open_time).map((row) => ({
    time: row.at,
    values: Object.fromEntries(
      names.map((name) => [name, typeof row[name] === "number" ? (row[name] as number) : null]),
    ),
  }));
  return { rows, older: Boolean(answer.next) };
}

export const configOf = (): Promise<Record<string, unknown>> => get<Record<string, unknown>>("/api/v1/config");

// How old live trades were when they arrived, in milliseconds.
export async function latenciesOf(market: string, limit: number): Promise<{ at: number; value: number }[]> {
  const answer = await get<{ trades: TradeRow[] }>("/api/v1/trades", { market, limit });
  return answer.trades
    .flatMap(({ time, received, source }) => {
      const at = seconds(time);
      const then = seconds(received);
      return source === "stream" && at !== null && then !== null ? [{ at, value: (then - at) * 1000 }] : [];
    })
    .reverse();
}

export const statusNow = (): Promise<Status> => get<Status>("/api/v1/status");

// 503 is an answer too: it says what is wrong.
export const health = (): Promise<Health> => get<Health>("/health", {}, [503]);
