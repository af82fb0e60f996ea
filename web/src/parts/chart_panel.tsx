// The chart with its choices, what the reader points at, and the same as a table.
import { useEffect, useRef, useState } from "preact/hooks";
import { ApiProblem } from "../api/client.ts";
import { indicatorsKnown } from "../api/endpoints.ts";
import { MarketChart } from "../chart/market_chart.ts";
import type { Bar } from "../data/bars.ts";
import { intervalsFor } from "../data/intervals.ts";
import { ChartData } from "../state/chart_data.ts";
import { live } from "../state/live.ts";
import { useObservable } from "../state/observable.ts";
import { useResource } from "../state/resource.ts";
import { chartInterval, chosenIndicators, fillsOf, predictionsShown, shownTheme, zone } from "../state/settings.ts";
import { Panel, Waiting } from "./basics.tsx";
import { CandleTable, Legend, PointedAt } from "./chart_texts.tsx";
import { IndicatorChooser } from "./indicator_chooser.tsx";

const base_height_rem = 27;
const pane_height_rem = 7;

const names = (text: string) => text.split(",").filter((name) => name !== "");

function onChartKey(event: KeyboardEvent, chart: MarketChart | null): void {
  const moves: Record<string, () => void> = {
    ArrowLeft: () => chart?.scroll(event.shiftKey ? -0.9 : -0.15),
    ArrowRight: () => chart?.scroll(event.shiftKey ? 0.9 : 0.15),
    ArrowUp: () => chart?.zoom(0.8),
    "+": () => chart?.zoom(0.8),
    "=": () => chart?.zoom(0.8),
    ArrowDown: () => chart?.zoom(1.25),
    "-": () => chart?.zoom(1.25),
    End: () => chart?.toNewest(),
    Home: () => chart?.scroll(-3),
  };
  const move = moves[event.key];
  if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  move();
}

// The objects behind the canvas: made once for a market and interval, fed by the stream.
function useChart(market: string, stored: string, interval: string) {
  const container = useRef<HTMLDivElement>(null);
  const chart = useRef<MarketChart | null>(null);
  const data = useRef<ChartData | null>(null);
  const [bars, setBars] = useState<readonly Bar[]>([]);
  const [pointed, setPointed] = useState<Bar | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [shown, setShown] = useState(""); // the interval whose bars are drawn
  const attempt = (work: Promise<unknown>) => {
    work.then(
      () => setProblem(null),
      (error: unknown) => setProblem(error instanceof ApiProblem ? error : null),
    );
  };
  useEffect(() => {
    if (!container.current) return;
    const made = new MarketChart(container.current, zone.value, setPointed, () => {
      if (data.current) attempt(data.current.loadOlder());
    });
    chart.current = made;
    return () => made.remove();
  }, []);
  useEffect(() => {
    setShown("");
    const made = new ChartData(market, interval, stored, (change) => {
      chart.current?.show(made, change);
      setBars(made.bars);
      setShown(interval);
    });
    data.current = made;
    setPointed(null);
    const refresh = () => attempt(made.refresh());
    refresh();
    const listening = [
      live.candle.listen((row) => {
        if (row) attempt(made.onCandle(row));
      }),
      live.trades.listen((summary) => {
        if (summary) made.onTrades(summary);
      }),
      live.prediction.listen((row) => {
        if (row) made.onPrediction(row);
      }),
      live.versions.fill.listen(() => attempt(made.onFills())),
      live.versions.gap.listen(() => attempt(made.reload())),
      live.connection.listen((now) => {
        if (now === "streaming") refresh();
      }),
      live.versions.candle.listen(() => {
        if (live.connection.value !== "streaming") refresh();
      }),
    ];
    return () => {
      made.stop();
      for (const stop of listening) stop();
    };
  }, [market, interval, stored]);
  return { container, chart, data, bars, pointed, problem, loaded: shown === interval, attempt };
}

export function ChartPanel({
  market,
  stored,
  strategies,
}: {
  market: string;
  stored: string;
  strategies: readonly string[];
}) {
  const wanted = useObservable(chartInterval);
  const offered = intervalsFor(stored);
  const interval = offered.includes(wanted) ? wanted : stored;
  const chosen = names(useObservable(chosenIndicators));
  const shownFills = useObservable(fillsOf);
  const predictions = useObservable(predictionsShown) === "yes";
  const theme = useObservable(shownTheme);
  const shownZone = useObservable(zone);
  const known = useResource(`indicators ${market}`, "model", () => indicatorsKnown(market));
  const [table, setTable] = useState(false);
  const { container, chart, data, bars, pointed, problem, loaded, attempt } = useChart(market, stored, interval);

  const available = known.data?.map((one) => one.name) ?? [];
  const drawn = chosen.filter((name) => available.includes(name));
  const key = drawn.join(",");
  useEffect(() => chart.current?.retheme(shownZone), [theme, shownZone]);
  useEffect(() => {
    if (!data.current) return;
    data.current.available = available;
    attempt(data.current.chooseIndicators(drawn));
  }, [key, available.length, market, interval]);
  useEffect(() => {
    chart.current?.choose({ indicators: drawn, fillsOf: shownFills, predictions });
    if (container.current)
      container.current.style.height = `${base_height_rem + Math.min(chart.current?.lowerPanes ?? 0, 6) * pane_height_rem}rem`;
  }, [key, shownFills, predictions, bars.length > 0, loaded]);

  const last = bars.at(-1) ?? null;
  return (
    <Panel
      title="Chart"
      id="chart"
      actions={
        <div class="toolbar" role="group" aria-label="Chart choices">
          <div class="segments" role="radiogroup" aria-label="Interval">
            {offered.map((one) => (
              <label key={one} class={one === interval ? "chosen" : ""}>
                <input
                  type="radio"
                  name="interval"
                  value={one}
                  checked={one === interval}
                  onChange={() => chartInterval.set(one)}
                />
                {one}
              </label>
            ))}
          </div>
          <IndicatorChooser
            known={known.data ?? []}
            chosen={chosen}
            onChange={(now) => chosenIndicators.set(now.join(","))}
          />
          <label class="inline">
            Fills
            <select value={shownFills} onChange={(event) => fillsOf.set(event.currentTarget.value)}>
              <option value="all">all</option>
              <option value="none">none</option>
              {strategies.map((one) => (
                <option key={one} value={one}>
                  {one}
                </option>
              ))}
            </select>
          </label>
          <label class="check">
            <input
              type="checkbox"
              checked={predictions}
              onChange={() => predictionsShown.set(predictions ? "no" : "yes")}
            />{" "}
            Predictions
          </label>
          <button type="button" onClick={() => chart.current?.toNewest()}>
            Newest
          </button>
          <button type="button" aria-pressed={table} onClick={() => setTable(!table)}>
            Table
          </button>
        </div>
      }
    >
      <PointedAt
        bar={pointed ?? last}
        step={data.current?.step ?? 60}
        prediction={data.current?.predictions.get((pointed ?? last)?.time ?? 0) ?? null}
      />
      <div class="chart-frame">
        <div
          ref={container}
          class="chart"
          tabIndex={0}
          role="application"
          aria-busy={!loaded}
          aria-roledescription="candlestick chart"
          aria-label={`Candles of ${market}, ${interval}. Arrow left and right scroll, up and down zoom, End goes to the newest. The button Table shows the same as text.`}
          onKeyDown={(event) => onChartKey(event, chart.current)}
        />
        {bars.length === 0 && (
          <div class="chart-waiting">
            <Waiting>
              {problem
                ? `Waiting: ${problem.message}.`
                : loaded
                  ? "Waiting for the first closed candle."
                  : "Loading candles …"}
            </Waiting>
          </div>
        )}
      </div>
      <Legend />
      {table && <CandleTable bars={bars} step={data.current?.step ?? 60} />}
    </Panel>
  );
}
