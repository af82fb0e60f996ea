// What the API answers, by the names that the page uses. The types are made of src/server/openapi.json (generate.mjs): a member that
// the page reads and the description does not know is an error of the type check. Times are ISO 8601 texts.
import type { components } from "../../generated/openapi.ts";

type Schemas = components["schemas"];

export type CandleRow = Schemas["Candle"];
export type TradeSummary = Schemas["TradeSummary"];
export type PredictionRow = Schemas["Prediction"];
export type Contribution = NonNullable<Schemas["Contributions"]>[number];
export type TradeRow = Schemas["Trade"];
export type FillRow = Schemas["Fill"];
export type EquityRow = Schemas["Equity"];
export type StrategyRow = Schemas["Account"];
export type CalibrationBin = Schemas["CalibrationBin"];
export type ModelMetrics = Schemas["ModelMetrics"];
export type ModelCard = Schemas["ModelCard"];
export type ModelRow = Schemas["Model"];
export type BacktestRow = Schemas["Backtest"];
export type GapRow = Schemas["Gap"];
export type MarketStatus = Schemas["StatusMarket"];
export type Health = Schemas["Health"];
export type Status = Schemas["Status"];
export type IndicatorInfo = Schemas["Indicator"];
