// Data: how complete the record is, its gaps, how late trades arrive, how often the connection was lost.
import { useMemo } from "preact/hooks";
import { barsOf, gapsOf, latenciesOf, statusNow } from "../api/endpoints.ts";
import type { MarketStatus } from "../api/shapes.ts";
import { coverage, medianByMinute, summary, type Stretch } from "../data/coverage.ts";
import { withSlots } from "../data/bars.ts";
import { intervalSeconds } from "../data/intervals.ts";
import { Facts, Loaded, Panel, Table, Waiting, When } from "../parts/basics.tsx";
import { Curves } from "../parts/curves.tsx";
import { count, figure, percent } from "../format/numbers.ts";
import { moment, span } from "../format/times.ts";
import { useObservable } from "../state/observable.ts";
import { zone } from "../state/settings.ts";
import { useResource } from "../state/resource.ts";

const hours_shown = 24 * 7;
const gaps_shown = 200;

function Strip({ stretches }: { stretches: readonly Stretch[] }) {
  const shown = useObservable(zone);
  const all = summary(stretches);
  const text = `${percent(all.traded)} traded, ${percent(all.quiet)} quiet, ${percent(all.gap)} gap, ${percent(all.absent)} without a record`;
  return (
    <figure class="coverage">
      <svg
        viewBox={`0 0 ${stretches.length} 20`}
        preserveAspectRatio="none"
        shape-rendering="crispEdges"
        role="img"
        aria-label={`Coverage by hour: ${text}`}
      >
        {stretches.map((one, i) => {
          const parts: [string, number][] = [
            ["absent", one.absent],
            ["gap", one.gap],
            ["quiet", one.quiet],
            ["traded", one.traded],
          ];
          let top = 0;
          return (
            <g key={one.time}>
              <title>{`${moment(one.time, shown)}: ${percent(one.traded)} traded, ${percent(one.quiet)} quiet, ${percent(one.gap)} gap, ${percent(one.absent)} no record`}</title>
              {parts.map(([kind, share]) => {
                const y = top;
                top += share * 20;
                return share > 0 ? (
                  <rect key={kind} x={i} y={y} width={1.02} height={share * 20} class={`cover-${kind}`} />
                ) : null;
              })}
            </g>
          );
        })}
      </svg>
      <figcaption>
        <span>{moment(stretches[0]?.time, shown)}</span>
        <span>{text}</span>
        <span>{moment(stretches.at(-1)?.time, shown)}</span>
      </figcaption>
    </figure>
  );
}

function Coverage({ status }: { status: MarketStatus }) {
  const { market } = status;
  const stored = intervalSeconds(status.interval);
  const step = Math.max(3600, stored);
  const interval = step === 3600 ? "1h" : status.interval;
  const end = status.last_candle ? Date.parse(status.last_candle.open_time) / 1000 + stored : 0;
  const bars = useResource(`coverage ${market}`, "candle", () => barsOf(market, interval, { limit: hours_shown }));
  return (
    <Panel title="Coverage of the last 7 days, by hour" id="coverage">
      <Loaded resource={bars} absent="No candles yet.">
        {(page) =>
          page.bars.length === 0 ? (
            <Waiting>Waiting for the first closed candle.</Waiting>
          ) : (
            <>
              <Strip stretches={coverage(withSlots(page.bars, step).slice(-hours_shown), step, stored, end)} />
              <ul class="legend" aria-label="Colours">
                <li>
                  <span class="sign cover-traded" /> traded
                </li>
                <li>
                  <span class="sign cover-quiet" /> quiet: proven, nothing traded
                </li>
                <li>
                  <span class="sign cover-gap" /> gap: not known
                </li>
                <li>
                  <span class="sign cover-absent" /> no record
                </li>
              </ul>
            </>
          )
        }
      </Loaded>
    </Panel>
  );
}

function Latency({ market }: { market: string }) {
  const rows = useResource(`latency ${market}`, "candle", () => latenciesOf(market, 5_000));
  const points = useMemo(() => medianByMinute(rows.data ?? []), [rows.data]);
  const curves = useMemo(() => [{ name: "median", color: 0, points }], [points]);
  const newest = points.at(-1)?.value;
  return (
    <Panel title="Age of a live trade when it arrived, by minute" id="latency">
      <Loaded resource={rows} absent="No trades yet.">
        {() =>
          points.length < 2 ? (
            <Waiting>Waiting for live trades: what was fetched as history has no such age.</Waiting>
          ) : (
            <Curves
              label={`Median age by minute; the last is ${figure(newest)} milliseconds`}
              curves={curves}
              format={(value) => `${figure(value)} ms`}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}

const milliseconds = (value: number | null) =>
  value === null ? "–" : `${figure(Number((value * 1000).toPrecision(3)))} ms`;

function Feed({ status }: { status: MarketStatus }) {
  const read = useResource("figures", null, statusNow, 5_000);
  return (
    <Panel title="Feed" id="feed">
      <Loaded resource={read} absent="This daemon tells nothing about its feed.">
        {({ feed_totals: totals, latency_s: latency }) => (
          <Facts
            facts={[
              ["State", status.feed ?? "not followed"],
              ["Last trade", <When at={status.last_trade_time} exact />],
              ["Connections made again", count(totals.reconnects)],
              ["Trades", count(totals.trades)],
              ["Late trades", count(totals.late_trades)],
              ["Duplicates dropped", count(totals.duplicates)],
              ["Frames refused", count(totals.bad_frames)],
              ["Received to decided, half below", milliseconds(latency.decision.median)],
              ["99 % below", milliseconds(latency.decision.p99)],
              ["Received to stored, half below", milliseconds(latency.commit.median)],
              ["99 % below ", milliseconds(latency.commit.p99)],
            ]}
          />
        )}
      </Loaded>
    </Panel>
  );
}

function Gaps({ market }: { market: string }) {
  const gaps = useResource(`gaps ${market}`, "gap", () => gapsOf(market, gaps_shown));
  return (
    <Panel title="Gaps" id="gaps">
      <Loaded resource={gaps} absent="No gaps.">
        {(rows) => (
          <Table
            caption="Gaps in the trade ids"
            empty="No trade is known to be missing."
            head={[
              ["Detected", "text"],
              ["First missing id", "number"],
              ["Last missing id", "number"],
              ["Trades", "number"],
              ["Filled", "text"],
              ["After", "number"],
            ]}
            rows={rows.map((row) => ({
              key: `${row.first_missing_id}`,
              kind: row.filled ? "" : "gap",
              cells: [
                <When at={row.detected} exact />,
                count(row.first_missing_id),
                count(row.last_missing_id),
                count(row.last_missing_id - row.first_missing_id + 1),
                row.filled ? <When at={row.filled} exact /> : "still open",
                row.filled ? span((Date.parse(row.filled) - Date.parse(row.detected)) / 1000) : "",
              ],
            }))}
          />
        )}
      </Loaded>
    </Panel>
  );
}

export function DataView({ status }: { status: MarketStatus }) {
  return (
    <>
      <Coverage status={status} />
      <div class="pair">
        <Feed status={status} />
        <Gaps market={status.market} />
      </div>
      <Latency market={status.market} />
    </>
  );
}
