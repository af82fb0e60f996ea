// Backtests that are stored: one row a strategy, what a reader must know beside it.
import { backtestsOf } from "../api/endpoints.ts";
import type { BacktestRow } from "../api/shapes.ts";
import { Change, Loaded, Panel, Table, When } from "./basics.tsx";
import { count, figure, percent, signedPercent } from "../format/numbers.ts";
import { useResource } from "../state/resource.ts";

const backtests_shown = 20;

function notesOf(row: BacktestRow): string {
  const notes = [];
  if (row.in_sample) notes.push("IN SAMPLE");
  if (row.candles_only) notes.push("candles only");
  if (row.gap_share) notes.push(`gaps ${percent(row.gap_share, 2)}`);
  return notes.join(", ");
}

function rowsOf(backtests: readonly BacktestRow[]) {
  return backtests.flatMap((row) =>
    row.strategies.map((strategy, i) => ({
      key: `${row.backtest} ${strategy.strategy}`,
      cells: [
        i === 0 ? <a href={`/api/v1/backtests/${row.backtest}/page`}>{row.backtest}</a> : "",
        i === 0 ? (
          <>
            <When at={row.from} /> to <When at={row.to} />
          </>
        ) : (
          ""
        ),
        i === 0 ? (row.model ?? "none") : "",
        i === 0 ? notesOf(row) : "",
        strategy.strategy,
        <Change value={strategy.total_return} text={signedPercent(strategy.total_return)} />,
        `${signedPercent(strategy.total_return_low)} to ${signedPercent(strategy.total_return_high)}`,
        figure(strategy.sharpe),
        percent(strategy.maximum_drawdown, 2),
        count(strategy.trades),
      ],
    })),
  );
}

export function BacktestsPanel({ market }: { market: string }) {
  const backtests = useResource(`backtests ${market}`, null, () => backtestsOf(market, backtests_shown));
  return (
    <Panel title="Backtests" id="backtests">
      <Loaded resource={backtests} absent="No backtest yet: candled backtest --help">
        {(rows) => (
          <Table
            caption="Backtests that are stored"
            head={[
              ["Backtest", "text"],
              ["Period", "text"],
              ["Model", "text"],
              ["Note", "text"],
              ["Strategy", "text"],
              ["Return", "number"],
              ["95 % interval", "number"],
              ["Sharpe", "number"],
              ["Drawdown", "number"],
              ["Trades", "number"],
            ]}
            rows={rowsOf(rows)}
            empty="No backtest of this market is stored."
          />
        )}
      </Loaded>
    </Panel>
  );
}
