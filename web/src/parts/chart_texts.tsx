// What the chart says in words: the candle under the pointer, the signs, and the last candles as a table.
import type { PredictionRow } from "../api/shapes.ts";
import type { Bar } from "../data/bars.ts";
import { count, isNumber, percent, price, quantity, signedPercent } from "../format/numbers.ts";
import { moment } from "../format/times.ts";
import { useObservable } from "../state/observable.ts";
import { zone } from "../state/settings.ts";
import { Table } from "./basics.tsx";

const table_rows = 50;

function stateText(bar: Bar): string {
  if (bar.state === "absent") return "no record";
  if (bar.state === "forming") return "still open";
  const parts = [
    bar.gapCandles > 1 ? `${bar.gapCandles} gap candles` : "",
    bar.quietCandles > 1 ? `${bar.quietCandles} quiet candles` : "",
    bar.revision > 0 ? "revised" : "",
  ].filter((part) => part !== "");
  const state = bar.state !== "gap" ? bar.state : bar.close === null ? "gap: not known" : "gap: incomplete";
  return [state, ...parts].join(", ");
}

export function PointedAt({
  bar,
  step,
  prediction,
}: {
  bar: Bar | null;
  step: number;
  prediction: PredictionRow | null;
}) {
  const shown = useObservable(zone);
  if (!bar) return <p class="pointed"> </p>;
  const change = bar.open !== null && bar.close !== null && bar.open !== 0 ? bar.close / bar.open - 1 : null;
  const probability = prediction?.probability_up;
  return (
    <p class="pointed">
      <b>{moment(bar.time, shown)}</b>
      <span>O {price(bar.open)}</span>
      <span>H {price(bar.high)}</span>
      <span>L {price(bar.low)}</span>
      <span>C {price(bar.close)}</span>
      <span class={!isNumber(change) || Math.abs(change) < 5e-5 ? "" : change < 0 ? "down" : "up"}>
        {signedPercent(change)}
      </span>
      <span>Vol {quantity(bar.volume)}</span>
      {bar.trades !== null && <span>{count(bar.trades)} trades</span>}
      <span>{stateText(bar)}</span>
      {isNumber(probability) && step <= 900 && <span>P(up) {percent(probability)}</span>}
    </p>
  );
}

export function Legend() {
  return (
    <ul class="legend" aria-label="Signs on the chart">
      <li>
        <span class="sign sign-gap" /> gap: not known or incomplete
      </li>
      <li>
        <span class="sign sign-quiet" /> quiet: nothing traded
      </li>
      <li>
        <span class="up">●</span>/<span class="down">●</span> prediction: buy, sell
      </li>
      <li>
        <span class="up">▲</span>/<span class="down">▼</span> paper fill: buy, sell
      </li>
    </ul>
  );
}

export function CandleTable({ bars, step }: { bars: readonly Bar[]; step: number }) {
  const shown = useObservable(zone);
  const newest = bars.slice(-table_rows).reverse();
  return (
    <Table
      caption={`The last ${newest.length} candles of ${step} seconds`}
      empty="No candles yet."
      head={[
        ["Time", "text"],
        ["Open", "number"],
        ["High", "number"],
        ["Low", "number"],
        ["Close", "number"],
        ["Volume", "number"],
        ["Trades", "number"],
        ["State", "text"],
      ]}
      rows={newest.map((bar, i) => ({
        key: String(i),
        kind: bar.state,
        cells: [
          moment(bar.time, shown),
          price(bar.open),
          price(bar.high),
          price(bar.low),
          price(bar.close),
          quantity(bar.volume),
          count(bar.trades),
          stateText(bar),
        ],
      }))}
    />
  );
}
