// LineChart: curves over time with a common scale, such as the equity of accounts beside buy-and-hold.
import {
  createChart,
  LineSeries,
  LineStyle,
  type IChartApi,
  type ISeriesApi,
  type UTCTimestamp,
} from "lightweight-charts";
import type { Zone } from "../format/times.ts";
import { chartColors } from "./colors.ts";
import { chartOptions } from "./time_axis.ts";

export interface Curve {
  name: string;
  color: number; // place in the list of line colours; below 0: the muted one, dashed
  points: { time: number; value: number }[];
}

export class LineChart {
  private readonly chart: IChartApi;
  private readonly series = new Map<string, ISeriesApi<"Line">>();
  private fitted = "";

  constructor(
    container: HTMLElement,
    private zone: Zone,
    private readonly format: (value: number) => string,
  ) {
    this.chart = createChart(container, chartOptions(chartColors(), zone));
    this.chart.applyOptions({ handleScroll: { vertTouchDrag: false } });
  }

  remove(): void {
    this.chart.remove();
  }

  retheme(zone: Zone): void {
    this.zone = zone;
    this.chart.applyOptions(chartOptions(chartColors(), this.zone));
  }

  show(curves: readonly Curve[]): void {
    const colors = chartColors();
    for (const [name, series] of [...this.series]) {
      if (curves.some((curve) => curve.name === name)) continue;
      this.chart.removeSeries(series);
      this.series.delete(name);
    }
    for (const curve of curves) {
      let series = this.series.get(curve.name);
      if (!series) {
        series = this.chart.addSeries(LineSeries, { priceLineVisible: false });
        this.series.set(curve.name, series);
      }
      const dashed = curve.color < 0;
      series.applyOptions({
        title: curve.name,
        color: dashed ? colors.text : (colors.lines[curve.color % colors.lines.length] ?? colors.accent),
        lineWidth: 2,
        lineStyle: dashed ? LineStyle.Dashed : LineStyle.Solid,
        priceFormat: { type: "custom", formatter: this.format, minMove: 0.0001 },
      });
      series.setData(curve.points.map(({ time, value }) => ({ time: time as UTCTimestamp, value })));
    }
    const key = curves.map((curve) => curve.name).join(",");
    if (key !== this.fitted && curves.some((curve) => curve.points.length > 1)) {
      this.fitted = key;
      this.chart.timeScale().fitContent();
    }
  }
}
