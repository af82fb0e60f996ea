// Strategies: balances, profit and loss, curves against buy-and-hold, drawdown, trades.
import { useMemo, useState } from "preact/hooks";
import { equityOf, fillsOf, strategiesOf, type Timed } from "../api/endpoints.ts";
import type { EquityRow, MarketStatus, StrategyRow } from "../api/shapes.ts";
import type { Curve } from "../chart/line_chart.ts";
import { drawdowns } from "../data/score.ts";
import { chartIntervals, intervalSeconds } from "../data/intervals.ts";
import { Change, Loaded, Panel, Table, Waiting, When } from "../parts/basics.tsx";
import { BacktestsPanel } from "../parts/backtests_panel.tsx";
import { Curves } from "../parts/curves.tsx";
import { count, money, percent, price, quantity, signedMoney, signedPercent } from "../format/numbers.ts";
import { seconds } from "../format/times.ts";
import { useResource } from "../state/resource.ts";

const points_max = 1_500;
const fills_shown = 200;

// The shortest interval at which the whole life of the accounts fits into one answer.
function stepFor(rows: readonly StrategyRow[], stored: string): string {
  const from = Math.min(...rows.map((row) => seconds(row.since) ?? Number.POSITIVE_INFINITY));
  const to = Math.max(...rows.map((row) => seconds(row.time) ?? 0));
  const base = intervalSeconds(stored);
  const fitting = chartIntervals.find(
    (one) => intervalSeconds(one) % base === 0 && (to - from) / intervalSeconds(one) <= points_max,
  );
  return fitting ?? "1d";
}

const growth = (
  rows: readonly Timed<EquityRow>[],
  value: (row: EquityRow) => number,
  start: number | null | undefined,
) => rows.filter((row) => value(row) > 0 && start).map((row) => ({ time: row.at, value: value(row) / start! - 1 }));

function curvesOf(accounts: readonly StrategyRow[], points: ReadonlyMap<string, readonly Timed<EquityRow>[]>): Curve[] {
  const curves: Curve[] = accounts.map((account, i) => ({
    name: account.strategy,
    color: i,
    points: growth(points.get(account.strategy) ?? [], (row) => row.equity, account.starting_equity),
  }));
  const first = accounts[0];
  if (first) {
    curves.push({
      name: "buy and hold",
      color: -1,
      points: growth(points.get(first.strategy) ?? [], (row) => row.price, first.starting_price),
    });
  }
  return curves;
}

function fallsOf(curves: readonly Curve[]): Curve[] {
  return curves.map((curve) => {
    const falls = drawdowns(curve.points.map((point) => point.value + 1));
    return { ...curve, points: curve.points.map((point, i) => ({ time: point.time, value: falls[i] ?? 0 })) };
  });
}

const percentText = (value: number) => signedPercent(value);

function EquityPanel({
  market,
  stored,
  accounts,
}: {
  market: string;
  stored: string;
  accounts: readonly StrategyRow[];
}) {
  const step = stepFor(accounts, stored);
  const names = accounts.map((row) => row.strategy);
  const points = useResource(`equity ${market} ${step} ${names.join(",")}`, "equity", async () => {
    const all = await Promise.all(names.map((name) => equityOf(market, name, step, { limit: points_max })));
    return new Map(names.map((name, i) => [name, all[i] ?? []]));
  });
  const curves = useMemo(() => (points.data ? curvesOf(accounts, points.data) : []), [points.data]);
  const falls = useMemo(() => fallsOf(curves), [curves]);
  return (
    <Panel title="Return since the start" id="equity">
      <Loaded resource={points} absent="No equity yet.">
        {() =>
          curves.every((curve) => curve.points.length < 2) ? (
            <Waiting>Waiting for the first closed candles.</Waiting>
          ) : (
            <>
              <Curves
                label={`Return of each account and of buy and hold: ${accounts.map((row) => `${row.strategy} ${signedPercent(row.return)}`).join(", ")}; buy and hold ${signedPercent(accounts[0]?.buy_and_hold_return)}`}
                curves={curves}
                format={percentText}
              />
              <h3>Drawdown from the highest point</h3>
              <Curves
                label={`Drawdown: deepest ${accounts.map((row) => `${row.strategy} ${percent(row.drawdown_max)}`).join(", ")}`}
                curves={falls}
                format={percentText}
              />
            </>
          )
        }
      </Loaded>
    </Panel>
  );
}

function Trades({
  market,
  quote,
  base,
  strategies,
}: {
  market: string;
  quote: string;
  base: string;
  strategies: readonly string[];
}) {
  const [strategy, setStrategy] = useState("");
  const fills = useResource(`fills ${market} ${strategy}`, "fill", () =>
    fillsOf(market, fills_shown, strategy || undefined),
  );
  return (
    <Panel
      title="Paper trades"
      id="trades"
      actions={
        <label class="inline">
          Strategy
          <select value={strategy} onChange={(event) => setStrategy(event.currentTarget.value)}>
            <option value="">all</option>
            {strategies.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </label>
      }
    >
      <Loaded resource={fills} absent="No fills yet.">
        {(rows) => (
          <Table
            caption={`The last ${rows.length} paper trades`}
            empty="No paper trade yet: a strategy trades when a prediction is sure enough for it."
            head={[
              ["Time", "text"],
              ["Strategy", "text"],
              ["Side", "text"],
              [`Quantity (${base})`, "number"],
              [`Price (${quote})`, "number"],
              [`Value (${quote})`, "number"],
              [`Fee (${quote})`, "number"],
              ["Reason", "text"],
            ]}
            rows={[...rows].reverse().map((row) => ({
              key: `${row.strategy} ${row.number}`,
              cells: [
                <When at={row.time} exact />,
                row.strategy,
                <Change value={row.side === "buy" ? 1 : -1} text={row.side === "buy" ? "▲ buy" : "▼ sell"} />,
                quantity(row.quantity),
                price(row.price),
                money(row.quantity * row.price),
                money(row.fee),
                row.reason,
              ],
            }))}
          />
        )}
      </Loaded>
    </Panel>
  );
}

export function StrategiesView({ status }: { status: MarketStatus }) {
  const { market } = status;
  const [base = "", quote = ""] = market.slice(market.indexOf(":") + 1).split("/");
  const accounts = useResource(`strategies ${market}`, "equity", () => strategiesOf(market));
  return (
    <Loaded resource={accounts} absent="This daemon tells nothing about strategies.">
      {(rows) => (
        <>
          <Panel title="Accounts" id="accounts">
            <p class="note">Paper money, after fees, spread and slippage. No real order is ever placed.</p>
            <Table
              caption="Accounts"
              empty="No strategy is configured."
              head={[
                ["Strategy", "text"],
                [`Cash (${quote})`, "number"],
                [`Position (${base})`, "number"],
                [`Equity (${quote})`, "number"],
                [`Profit (${quote})`, "number"],
                ["Return", "number"],
                ["Against buy and hold", "number"],
                ["Drawdown now", "number"],
                ["deepest", "number"],
                ["Fills", "number"],
                [`Fees (${quote})`, "number"],
              ]}
              rows={rows.map((row) => {
                const profit =
                  row.equity !== null && row.starting_equity !== null ? row.equity - row.starting_equity : null;
                const better =
                  row.return !== null && row.buy_and_hold_return !== null ? row.return - row.buy_and_hold_return : null;
                return {
                  key: row.strategy,
                  cells: [
                    <span title={row.kind}>{row.strategy}</span>,
                    money(row.cash),
                    quantity(row.position),
                    money(row.equity),
                    <Change value={profit} text={signedMoney(profit)} />,
                    <Change value={row.return} text={signedPercent(row.return)} />,
                    <Change value={better} text={signedPercent(better)} />,
                    percent(row.drawdown),
                    percent(row.drawdown_max),
                    count(row.fills),
                    money(row.fees),
                  ],
                };
              })}
            />
            {rows.some((row) => !row.complete) && <p class="note">A long past is still being added up.</p>}
          </Panel>
          {rows.some((row) => row.since) && <EquityPanel market={market} stored={status.interval} accounts={rows} />}
          <Trades market={market} quote={quote} base={base} strategies={rows.map((row) => row.strategy)} />
          <BacktestsPanel market={market} />
        </>
      )}
    </Loaded>
  );
}
