// The frame: what is shown on every view (simulated? connected?), and the choice of view, market, zone and theme.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { MarketStatus, Status } from "../api/shapes.ts";
import { Ago, Waiting } from "../parts/basics.tsx";
import { TokenDialog } from "../parts/dialogs.tsx";
import { zoneName } from "../format/times.ts";
import { live, type Connection } from "../state/live.ts";
import { useObservable } from "../state/observable.ts";
import { market as chosenMarket, theme, zone, type Theme } from "../state/settings.ts";
import { DataView } from "./data_view.tsx";
import { MarketView } from "./market_view.tsx";
import { ModelsView } from "./models_view.tsx";
import { StrategiesView } from "./strategies_view.tsx";
import { SystemView } from "./system_view.tsx";

const views = [
  ["market", "Market"],
  ["strategies", "Strategies"],
  ["models", "Models"],
  ["data", "Data"],
  ["system", "System"],
] as const;
type ViewName = (typeof views)[number][0];

function viewOfAddress(): ViewName {
  const name = location.hash.replace(/^#\//, "");
  return views.find(([one]) => one === name)?.[0] ?? "market";
}

function useView(): ViewName {
  const [view, set] = useState(viewOfAddress());
  useEffect(() => {
    const listen = () => set(viewOfAddress());
    window.addEventListener("hashchange", listen);
    return () => window.removeEventListener("hashchange", listen);
  }, []);
  useEffect(() => {
    document.title = `${views.find(([one]) => one === view)?.[1]} · candled`;
  }, [view]);
  return view;
}

const connectionTexts: Record<Connection, string> = {
  starting: "Connecting …",
  streaming: "Live",
  asking: "Live, asking every 2 s",
  unreachable: "No connection",
  token: "Needs a token",
};

function ConnectionSign({ status }: { status: Status | null }) {
  const connection = useObservable(live.connection);
  const answered = useObservable(live.lastAnswer);
  const reached = connection === "streaming" || connection === "asking";
  const unwell = reached && (status?.health?.reasons?.length ?? 0) > 0;
  return (
    <span
      class={`connection ${reached ? (unwell ? "warn" : "good") : connection === "starting" ? "" : "bad"}`}
      role="status"
    >
      <span class="dot" aria-hidden="true" />
      {connectionTexts[connection]}
      {unwell && <span title={status?.health.reasons.join("; ")}>· {status?.health.reasons[0]}</span>}
      {connection === "unreachable" && answered !== null && (
        <>
          , last answer <Ago at={answered} />
        </>
      )}
    </span>
  );
}

function Choices({ status, current }: { status: Status | null; current: string }) {
  const shownZone = useObservable(zone);
  const shownTheme = useObservable(theme);
  const [token, setToken] = useState(false);
  return (
    <div class="choices">
      <label class="inline">
        <span class="hidden">Market</span>
        <select
          value={current}
          disabled={!status?.markets.length}
          onChange={(event) => chosenMarket.set(event.currentTarget.value)}
        >
          {(status?.markets ?? []).map((one) => (
            <option key={one.market} value={one.market}>
              {one.market}
            </option>
          ))}
          {!status?.markets.length && <option value="">no market yet</option>}
        </select>
      </label>
      <button
        type="button"
        aria-pressed={shownZone === "local"}
        title="Times in UTC or in your own zone"
        onClick={() => zone.set(shownZone === "utc" ? "local" : "utc")}
      >
        {shownZone === "utc" ? "UTC" : `Local (${zoneName("local")})`}
      </button>
      <label class="inline">
        <span class="hidden">Theme</span>
        <select value={shownTheme} onChange={(event) => theme.set(event.currentTarget.value as Theme)}>
          <option value="system">System theme</option>
          <option value="light">Light</option>
          <option value="dark">Dark</option>
        </select>
      </label>
      <button type="button" onClick={() => setToken(true)}>
        Token
      </button>
      {token && (
        <TokenDialog
          reason="The daemon asks for a token where other machines reach it, and for every change."
          onDone={(given) => {
            setToken(false);
            if (given) live.restart();
          }}
        />
      )}
    </div>
  );
}

function waitingText(connection: Connection): string {
  if (connection === "token") return "This daemon wants its token: press Token at the top.";
  if (connection === "unreachable")
    return "Waiting for the daemon: it does not answer. The page goes on by itself when it does.";
  if (connection === "starting") return "Connecting to the daemon …";
  return "Waiting for the first market: the daemon has stored nothing yet.";
}

function Shown({
  view,
  status,
  market,
}: {
  view: ViewName;
  status: Status | null;
  market: MarketStatus | null;
}): ComponentChildren {
  const connection = useObservable(live.connection);
  if (view === "system" && status) return <SystemView status={status} />;
  if (view === "models" && status) return <ModelsView />;
  if (!market)
    return (
      <section class="panel">
        <Waiting>{waitingText(connection)}</Waiting>
      </section>
    );
  if (view === "strategies") return <StrategiesView key={market.market} status={market} />;
  if (view === "data") return <DataView key={market.market} status={market} />;
  return <MarketView key={market.market} status={market} />;
}

export function App() {
  const view = useView();
  const status = useObservable(live.status);
  const connection = useObservable(live.connection);
  const wanted = useObservable(chosenMarket);
  const market = status?.markets.find((one) => one.market === wanted) ?? status?.markets[0] ?? null;
  return (
    <>
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById("main")?.focus();
        }}
      >
        To the content
      </a>
      {status?.simulated && (
        <p class="simulated" role="note">
          <b>SIMULATED MARKET</b> Nothing here is a real price.
        </p>
      )}
      <header class="top">
        <p class="brand">
          <img src="/assets/icon.svg" alt="" width="22" height="22" />
          candled
        </p>
        <nav aria-label="Views">
          {views.map(([name, title]) => (
            <a key={name} href={`#/${name}`} aria-current={view === name ? "page" : undefined}>
              {title}
            </a>
          ))}
        </nav>
        <ConnectionSign status={status} />
        <Choices status={status} current={market?.market ?? ""} />
      </header>
      {connection === "unreachable" && status && (
        <p class="offline" role="alert">
          The daemon does not answer. What you see is from before; the page goes on by itself.
        </p>
      )}
      <main id="main" tabIndex={-1}>
        <h1 class="hidden">{views.find(([name]) => name === view)?.[1]}</h1>
        <Shown view={view} status={status} market={market} />
      </main>
      <footer class="foot">
        <p>Paper trading only: no real order is ever placed. Nothing here is advice.</p>
        <p>
          Charts:{" "}
          <a href="https://www.tradingview.com/" rel="noreferrer noopener">
            TradingView Lightweight Charts™
          </a>
          , Copyright (c) 2025 TradingView, Inc.
        </p>
      </footer>
    </>
  );
}
