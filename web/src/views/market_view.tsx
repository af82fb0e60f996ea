// The first view: the chart of one market, the newest prediction, and the accounts in short.
import { predictionsOf, strategiesOf } from "../api/endpoints.ts";
import type { MarketStatus } from "../api/shapes.ts";
import { hitRate } from "../data/score.ts";
import { Loaded, Panel, Table, Facts, When, Change } from "../parts/basics.tsx";
import { ChartPanel } from "../parts/chart_panel.tsx";
import { PredictionCard } from "../parts/prediction_card.tsx";
import { count, money, percent, price, quantity, signedPercent } from "../format/numbers.ts";
import { live } from "../state/live.ts";
import { useObservable } from "../state/observable.ts";
import { useResource } from "../state/resource.ts";

const recent = 1_000;
const rows_shown = 12;

function LastCandle({ status }: { status: MarketStatus }) {
  const told = useObservable(live.candle); // by the stream, before the next status
  const fresh = told?.market === status.market && told.open_time > (status.last_candle?.open_time ?? "");
  const candle = fresh ? told : status.last_candle;
  const quote = status.market.split("/")[1] ?? "";
  return (
    <Panel title="Last closed candle" id="candle">
      <Facts
        facts={[
          [
            "Close",
            <>
              <b class="big">{price(candle?.close)}</b> {quote}
            </>,
          ],
          ["Opened", <When at={candle?.open_time} />],
          ["State", candle ? candle.state : "none yet"],
          ["Volume", `${quantity(candle?.volume)} in ${count(candle?.trades)} trades`],
          ["Feed", status.feed ?? "not followed"],
        ]}
      />
    </Panel>
  );
}

function Recent({ market }: { market: string }) {
  const rows = useResource(`recent ${market}`, "prediction", () => predictionsOf(market, { limit: recent }));
  return (
    <Panel title="Recent predictions" id="recent" tall>
      <Loaded resource={rows} absent="No predictions yet.">
        {(list) => {
          const score = hitRate(list);
          return (
            <>
              <p class="note">
                {score.known === 0
                  ? "No outcome is known yet."
                  : `${percent(score.rate)} right of the last ${count(score.known)} with a known outcome; a coin would get ${percent(score.low)} to ${percent(score.high)} (95 %).`}
              </p>
              <Table
                caption="Recent predictions"
                empty="Waiting for a model: no predictions yet."
                head={[
                  ["Candle", "text"],
                  ["P(up)", "number"],
                  ["Signal", "text"],
                  ["Outcome", "text"],
                ]}
                rows={list
                  .slice(-rows_shown)
                  .reverse()
                  .map((row, i) => ({
                    key: String(i), // a place, not a row: a new one on top changes texts and moves nothing
                    cells: [
                      <When at={row.open_time} />,
                      percent(row.probability_up),
                      row.signal,
                      row.outcome === null ? (
                        "not known yet"
                      ) : (
                        <Change value={row.outcome ? 1 : -1} text={row.outcome ? "▲ up" : "▼ not up"} />
                      ),
                    ],
                  }))}
              />
            </>
          );
        }}
      </Loaded>
    </Panel>
  );
}

export function MarketView({ status }: { status: MarketStatus }) {
  const { market } = status;
  const quote = market.split("/")[1] ?? "";
  const accounts = useResource(`strategies ${market}`, "equity", () => strategiesOf(market));
  const names = (accounts.data ?? []).map((row) => row.strategy);
  return (
    <div class="market-grid">
      <div class="area-chart">
        <ChartPanel market={market} stored={status.interval} strategies={names} />
      </div>
      <div class="area-side">
        <PredictionCard market={market} />
        <LastCandle status={status} />
      </div>
      <div class="area-low">
        <Recent market={market} />
        <Panel title="Paper accounts" id="accounts" actions={<a href="#/strategies">All about them</a>}>
          <Loaded resource={accounts} absent="This daemon tells nothing about strategies.">
            {(rows) => (
              <Table
                caption="Paper accounts"
                empty="No strategy is configured."
                head={[
                  ["Strategy", "text"],
                  ["Equity", "number"],
                  ["Return", "number"],
                  ["Buy and hold", "number"],
                  ["Fills", "number"],
                ]}
                rows={rows.map((row) => ({
                  key: row.strategy,
                  cells: [
                    row.strategy,
                    money(row.equity, quote),
                    <Change value={row.return} text={signedPercent(row.return)} />,
                    <Change value={row.buy_and_hold_return} text={signedPercent(row.buy_and_hold_return)} />,
                    count(row.fills),
                  ],
                }))}
              />
            )}
          </Loaded>
        </Panel>
      </div>
    </div>
  );
}
