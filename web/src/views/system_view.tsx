// System: is the daemon well, what does it hold, how is it set up.
import { configOf, health } from "../api/endpoints.ts";
import type { Status } from "../api/shapes.ts";
import { Facts, Loaded, Panel, Table, Waiting, When } from "../parts/basics.tsx";
import { pause, resume, useControl } from "../parts/control.tsx";
import { bytes, count } from "../format/numbers.ts";
import { span } from "../format/times.ts";
import { useResource } from "../state/resource.ts";

function Health() {
  const read = useResource("health", null, health, 3_000);
  return (
    <Panel title="Health" id="health">
      <Loaded resource={read} absent="This daemon tells nothing about its health.">
        {(now) => (
          <>
            <p class={`news ${now.reasons.length === 0 ? "good" : "bad"}`} role="status">
              {now.reasons.length === 0 ? "Well." : `Not well: ${now.reasons.join("; ")}.`}
            </p>
            <Facts
              facts={[
                [
                  "Last word from the exchange",
                  now.feed_age_s === null || now.feed_age_s === undefined ? "–" : `${span(now.feed_age_s)} ago`,
                ],
                ["Writer behind by", span(now.writer_lag_s)],
                ["Age of the model", span(now.model_age_s)],
                ["Free on the disk", bytes(now.disk_free_bytes)],
              ]}
            />
          </>
        )}
      </Loaded>
    </Panel>
  );
}

export function SystemView({ status }: { status: Status | null }) {
  const config = useResource("config", null, configOf);
  const { ask, dialogs } = useControl();
  if (!status) return <Waiting>Waiting for the daemon.</Waiting>;
  return (
    <>
      {dialogs}
      <div class="pair">
        <Health />
        <Panel
          title="Daemon"
          id="daemon"
          actions={
            <div class="toolbar">
              <button type="button" onClick={() => ask(pause)}>
                Pause paper trading
              </button>
              <button type="button" onClick={() => ask(resume)}>
                Resume
              </button>
            </div>
          }
        >
          <Facts
            facts={[
              ["Version", status.version || "–"],
              ["Paper trading", status.paused ? "paused: nothing is opened" : "active"],
              ["Up for", span(status.uptime_s)],
              ["Events stored", count(status.last_sequence)],
              ["Last commit", <When at={status.last_commit} exact />],
              ["Database", bytes(status.database_bytes)],
              ["Write-ahead log", bytes(status.write_ahead_log_bytes)],
              ["Memory", bytes(status.memory_bytes)],
              ["Champion", status.champion ?? "none yet"],
              ["Models", count(status.models)],
            ]}
          />
        </Panel>
      </div>
      <Panel title="Markets" id="markets">
        <Table
          caption="Markets"
          empty="No market is stored yet."
          head={[
            ["Market", "text"],
            ["Interval", "text"],
            ["Feed", "text"],
            ["First candle", "text"],
            ["Last trade", "text"],
            ["Last trade id", "number"],
            ["Open gaps", "number"],
          ]}
          rows={status.markets.map((row) => ({
            key: row.market,
            cells: [
              row.market,
              row.interval,
              row.feed ?? "not followed",
              <When at={row.first_candle_open_time} />,
              <When at={row.last_trade_time} exact />,
              count(row.last_trade_id),
              count(row.open_gaps),
            ],
          }))}
        />
      </Panel>
      <Panel title="Settings in effect" id="config">
        <Loaded resource={config} absent="This daemon does not show its settings.">
          {(answer) => (
            <pre class="config" tabIndex={0} aria-label="Settings in effect, secrets hidden">
              {JSON.stringify(answer["config"] ?? answer, null, 2)}
            </pre>
          )}
        </Loaded>
      </Panel>
      <p class="note">
        The same for programs: <a href="/api/v1/status">status</a>, <a href="/health">health</a>,{" "}
        <a href="/metrics">metrics</a>, <a href="/openapi.json">openapi.json</a>.
      </p>
    </>
  );
}
