// The charts of a backtest's page (src/report/html.cpp): the tables are there already, the data stands within the page.
import { render, type ComponentChildren } from "preact";
import { money } from "./format/numbers.ts";
import { Calibration, Ranking } from "./parts/figures.tsx";
import { depth, Fills, Plot, Returns } from "./report/charts.tsx";
import { drawdownCurves, equityCurves, type ReportData } from "./report/series.ts";

const features_shown = 20;

// Not every page has every section.
function fill(name: string, content: ComponentChildren): void {
  const section = document.querySelector<HTMLElement>(`[data-chart="${name}"]`);
  if (!section) return;
  const place = section.appendChild(document.createElement("div"));
  section.hidden = false; // first: a chart measures the room it has
  render(content, place);
}

const { report, series } = JSON.parse(document.getElementById("report-data")!.textContent!) as ReportData;
fill(
  "equity",
  <Plot
    label="Equity"
    tall
    curves={equityCurves(series.strategies)}
    format={(value) => money(value, series.quote)}
  />,
);
fill(
  "drawdown",
  <Plot label="Drawdown: how far below the highest so far" curves={drawdownCurves(series.strategies)} format={depth} />,
);
fill("fills", <Fills series={series} />);
fill("returns", <Returns series={series} />);
fill("calibration", <Calibration bins={report.predictions.calibration} />);
fill(
  "importance",
  <Ranking
    caption="Mean contribution to a prediction, log-odds, on the model's hold-out"
    entries={(report.model?.importance ?? [])
      .slice(0, features_shown)
      .map(({ feature, weight }) => ({ name: feature, value: weight ?? 0 }))}
  />,
);

document.querySelector("main")!.insertAdjacentHTML(
  "beforeend",
  '<p class="sub">Charts: <a href="https://www.tradingview.com/" rel="noreferrer noopener">TradingView Lightweight Charts™</a>, Copyright (c) 2025 TradingView, Inc.</p>',
);
document.getElementById("no-charts")?.remove();
