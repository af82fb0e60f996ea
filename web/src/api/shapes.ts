// What the API answers, as far as the page reads it. Times are ISO 8601 texts. A member that an older server leaves out, or that is
// not known, is optional or null here, and the page says so instead of guessing.
export interface CandleRow {
  market: string;
  interval: string;
  open_time: string;
  open: number | null;
  high: number | null;
  low: number | null;
  close: number | null;
  volume: number | null;
  buy_volume: number | null;
  trades: number | null;
  state: "traded" | "quiet" | "gap";
  revision: number;
  candles?: number;
  quiet_candles?: number;
  gap_candles?: number;
}

export interface TradeSummary {
  market: string;
  count: number;
  time: string; // of the last one
  price: number | null; // of the last one
  high?: number | null;
  low?: number | null;
  volume?: number | null;
}

export interface Contribution {
  feature: string;
  contribution: number; // log-odds: above zero speaks for UP
  value?: number | null;
}

export interface PredictionRow {
  market: string;
  open_time: string;
  horizon: string;
  probability_up: number | null;
  signal: "buy" | "sell" | "hold";
  model: string;
  outcome: number | null;
  stale?: number | boolean;
  expired?: number | boolean; // the model was too old to trade on
  confidence?: number;
  contributions?: Contribution[] | null;
}

export interface FillRow {
  strategy: string;
  market: string;
  number: number;
  time: string;
  side: "buy" | "sell";
  quantity: number;
  price: number;
  fee: number;
  reason: string;
}

export interface EquityRow {
  strategy: string;
  market: string;
  time: string;
  cash: number;
  position: number;
  price: number;
  equity: number;
}

export interface StrategyRow {
  strategy: string;
  kind: string;
  market: string;
  since: string | null; // null: nothing is decided yet
  time: string | null;
  cash: number | null;
  position: number | null;
  price: number | null;
  equity: number | null;
  starting_equity: number | null;
  starting_price: number | null;
  return: number | null;
  buy_and_hold_return: number | null;
  drawdown: number | null;
  drawdown_max: number | null;
  fills: number;
  fees: number;
  complete: boolean;
}

export interface CalibrationBin {
  mean_probability: number | null;
  up_share: number | null;
  rows: number;
}

export interface ModelMetrics {
  rows?: number;
  from?: string;
  to?: string;
  accuracy?: number | null;
  precision?: number | null;
  recall?: number | null;
  f1?: number | null;
  auc?: number | null;
  log_loss?: number | null;
  brier?: number | null;
  has_edge?: boolean;
  bootstrap_block_rows?: number;
  baselines?: Partial<
    Record<"majority" | "last_direction" | "always_up" | "base_rate_log_loss" | "base_rate_brier", number | null>
  >;
  confusion?: Partial<Record<"true_up" | "false_up" | "true_not_up" | "false_not_up", number>>;
  calibration_curve?: CalibrationBin[];
  [interval: `${string}_interval`]: (number | null)[] | undefined;
}

export interface FeatureImportance {
  feature: string;
  mean_contribution?: number | null;
  gain?: number | null;
}

export interface ModelCard {
  parent?: string;
  training_rows?: number;
  purged_rows?: number;
  interval?: string;
  horizon?: string;
  features?: string[];
  library?: string;
  training_ms?: number;
  leaking?: boolean;
  importance?: FeatureImportance[];
  metrics?: ModelMetrics;
  walk_forward?: ModelMetrics | null;
  canaries?: { name: string; auc: number | null; auc_max: number | null; passed: boolean }[];
  strategies?: { name: string; net_return: number | null; buy_and_hold_return: number | null; trades: number }[];
}

export interface ModelRow {
  model: string;
  kind: string;
  created: string;
  trained_from: string;
  trained_to: string;
  alias: string | null;
  accuracy: number | null;
  f1: number | null;
  precision: number | null;
  recall: number | null;
  metrics: ModelMetrics | null;
}

export interface BacktestRow {
  backtest: string;
  created: string;
  market: string;
  from: string;
  to: string;
  model: string | null;
  in_sample: boolean;
  candles_only: boolean;
  gap_share: number;
  strategies: {
    strategy: string;
    kind: string;
    total_return: number | null;
    total_return_low: number | null;
    total_return_high: number | null;
    sharpe: number | null;
    maximum_drawdown: number | null;
    trades: number;
  }[];
}

export interface GapRow {
  market: string;
  first_missing_id: number;
  last_missing_id: number;
  detected: string;
  filled: string | null;
}

export interface MarketStatus {
  market: string;
  interval: string;
  feed: string | null;
  first_trade_id: number | null;
  last_trade_id: number | null;
  last_trade_time: string | null;
  first_candle_open_time: string | null;
  last_candle: CandleRow | null;
  fills: number;
  open_gaps: number;
}

export interface Health {
  status: string;
  problem: string | null;
  reasons: string[];
  feed: { market: string; state: string }[];
  exchanges?: { exchange: string; connections: number; silence_s: number | null }[];
  feed_age_s?: number | null;
  writer_lag_s?: number | null;
  model_age_s?: number | null;
  disk_free_bytes?: number | null;
}

export interface Status {
  version: string;
  simulated: boolean;
  paused: boolean;
  started: string;
  uptime_s: number;
  last_sequence: number;
  last_commit: string | null;
  champion: string | null;
  champion_created: string | null;
  models: number;
  database_bytes: number;
  write_ahead_log_bytes: number;
  health: Health;
  markets: MarketStatus[];
}

export interface IndicatorInfo {
  name: string;
  unit: string | null;
  formula: string | null;
  warm_up_candles?: number | null;
}
