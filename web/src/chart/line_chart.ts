// LineChart: curves over time with a common scale, such as the equity of accounts beside buy-and-hold.
import {
  createChart,
  createSeriesMarkers,
  LineSeries,
  LineStyle,
  type IChartApi,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  type Time,
  type UTCTimestamp,
} from "lightweight-charts";
import type { Zone } from "../format/times.ts";
import { chartColors } from "./colors.ts";
import { chartOptions } from "./time_axis.ts";

export interface Curve {
  name: string;
  color: number; // place in the list of line colours; -1: the muted one, dashed; -2: dotted
  points: { time: number; value: number }[];
  title?: string; // at its end, where no legend names it
}

// A sale or a purchase on a curve, at one of its times.
export interface CurveMark {
  time: number;
  side: "buy" | "sell";
}

// What the cross hair is on: the values of the curves by name.
export interface Hovered {
  time: number;
  values: ReadonlyMap<string, number>;
}

export class LineChart {
  private readonly chart: IChartApi;
  private readonly series = new Map<string, ISeriesApi<"Line">>();
  private marks: ISeriesMarkersPluginApi<Time> | null = null;
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

  // Null: the pointer left.
  onHover(told: (hovered: Hovered | null) => void): void {
    this.chart.subscribeCrosshairMove(({ time, seriesData }) => {
      const values = new Map<string, number>();
      for (const [name, series] of this.series) {
        const at = seriesData.get(series);
        if (at && "value" in at) values.set(name, at.value);
      }
      told(time === undefined ? null : { time: Number(time), values });
    });
  }

  // On a curve that is shown.
  mark(name: string, marks: readonly CurveMark[]): void {
    const series = this.series.get(name);
    if (!series) return;
    const colors = chartColors();
    this.marks ??= createSeriesMarkers(series, []);
    this.marks.setMarkers(
      marks.map(({ time, side }) => ({
        time: time as UTCTimestamp,
        position: side === "buy" ? "belowBar" : "aboveBar",
        shape: side === "buy" ? "arrowUp" : "arrowDown",
        color: side === "buy" ? colors.up : colors.down,
        size: 0.6,
      })),
    );
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
      const muted = curve.color < 0;
      series.applyOptions({
        title: curve.title ?? "",
        color: muted ? colors.text : (colors.lines[curve.color % colors.lines.length] ?? colors.accent),
        lineWidth: 2,
        lineStyle: [LineStyle.Dotted, LineStyle.Dashed][curve.color + 2] ?? LineStyle.Solid,
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
