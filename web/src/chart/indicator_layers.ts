// The lines of the chosen indicators: over the candles where they are prices, each in a pane of its own where not.
import { LineSeries, type IChartApi, type ISeriesApi, type UTCTimestamp } from "lightweight-charts";
import { linesOf } from "../data/overlays.ts";
import type { ChartData } from "../state/chart_data.ts";
import type { ChartColors } from "./colors.ts";

export class IndicatorLayers {
  private readonly series = new Map<string, ISeriesApi<"Line">>();
  private names = "";

  constructor(private readonly chart: IChartApi) {}

  clear(): void {
    for (const one of this.series.values()) this.chart.removeSeries(one);
    this.series.clear();
    this.names = "";
  }

  draw(data: ChartData, names: readonly string[], colors: ChartColors, firstPane: number): void {
    const key = `${firstPane} ${names.join(",")}`;
    if (key !== this.names) this.clear();
    this.names = key;
    if (names.length === 0) return;
    const closes = data.bars.map((bar) => bar.close);
    const values = new Map<string, (number | null)[]>();
    for (const [name, at] of data.indicators)
      values.set(
        name,
        data.bars.map((bar) => at.get(bar.time) ?? null),
      );
    let color = 0;
    let pane = firstPane;
    for (const name of names) {
      for (const line of linesOf(name, closes, values)) {
        let series = this.series.get(line.label);
        const lineColor = colors.lines[color % colors.lines.length] ?? colors.accent;
        color += 1;
        if (!series) {
          series = this.chart.addSeries(
            LineSeries,
            {
              title: line.label,
              lineWidth: line.onPrice ? 1 : 2,
              priceLineVisible: false,
              lastValueVisible: !line.onPrice,
              crosshairMarkerVisible: false,
            },
            line.onPrice ? 0 : pane,
          );
          this.series.set(line.label, series);
        }
        series.applyOptions({ color: lineColor });
        if (!line.onPrice) pane += 1;
        series.setData(
          data.bars.map((bar, i) => {
            const value = line.values[i];
            const time = bar.time as UTCTimestamp;
            return typeof value === "number" ? { time, value } : { time };
          }),
        );
      }
    }
  }
}
