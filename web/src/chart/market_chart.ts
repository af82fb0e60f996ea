// MarketChart: candles, volume, bands, marks, predictions and indicators on one time scale. It draws what ChartData holds and says
// when the reader comes near the oldest bar or points at one.
import {
  CandlestickSeries,
  createChart,
  createSeriesMarkers,
  HistogramSeries,
  type IChartApi,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  type MouseEventParams,
  type Time,
  type UTCTimestamp,
} from "lightweight-charts";
import type { Bar } from "../data/bars.ts";
import { price, priceDecimals } from "../format/numbers.ts";
import type { Zone } from "../format/times.ts";
import type { ChartData, Change } from "../state/chart_data.ts";
import { Bands } from "./bands.ts";
import { chartColors, faded, type ChartColors } from "./colors.ts";
import { IndicatorLayers } from "./indicator_layers.ts";
import { fillMarks, predictionMarks } from "./marks.ts";
import { chartOptions } from "./time_axis.ts";

const near_oldest_bars = 40; // or half of what is visible, if that is more
const every_mark_bars_max = 160;
const candles_stretch = 3.5;
const first_view_s = 8 * 3600;
const first_view_bars_min = 96;

export interface ChartChoice {
  indicators: readonly string[];
  fillsOf: string;
  predictions: boolean;
}

export class MarketChart {
  private readonly chart: IChartApi;
  private readonly candles: ISeriesApi<"Candlestick">;
  private readonly volume: ISeriesApi<"Histogram">;
  private readonly marks: ISeriesMarkersPluginApi<Time>;
  private readonly bands: Bands;
  private readonly indicators: IndicatorLayers;
  private colors: ChartColors;
  private data: ChartData | null = null;
  private choice: ChartChoice = { indicators: [], fillsOf: "all", predictions: true };
  private predictions: ISeriesApi<"Histogram"> | null = null;
  private drawnBars = 0;
  private drawnPanes = 0;
  private drawnPrecision = -1;
  private removed = false;
  private closeUp = false;

  constructor(
    container: HTMLElement,
    zone: Zone,
    onPoint: (bar: Bar | null) => void,
    private readonly onNearOldest: () => void,
  ) {
    this.colors = chartColors();
    this.chart = createChart(container, chartOptions(this.colors, zone));
    this.candles = this.chart.addSeries(CandlestickSeries, {});
    this.volume = this.chart.addSeries(HistogramSeries, {
      priceFormat: { type: "volume" },
      priceScaleId: "volume",
      lastValueVisible: false,
      priceLineVisible: false,
    });
    this.chart.priceScale("volume").applyOptions({ scaleMargins: { top: 0.82, bottom: 0 } });
    this.candles.priceScale().applyOptions({ scaleMargins: { top: 0.08, bottom: 0.2 } });
    this.marks = createSeriesMarkers(this.candles, []);
    this.bands = new Bands(this.colors);
    this.candles.attachPrimitive(this.bands);
    this.indicators = new IndicatorLayers(this.chart);
    this.applyColors();
    this.chart.subscribeCrosshairMove((event: MouseEventParams<Time>) => {
      onPoint(event.logical === undefined ? null : (this.data?.bars[Math.round(event.logical)] ?? null));
    });
    this.chart.timeScale().subscribeVisibleLogicalRangeChange((range) => {
      if (!range || this.drawnBars === 0) return;
      this.askForOlder();
      const closeUp = range.to - range.from <= every_mark_bars_max;
      if (closeUp !== this.closeUp) {
        this.closeUp = closeUp;
        this.drawMarks();
      }
    });
  }

  remove(): void {
    this.removed = true;
    this.chart.remove();
  }

  retheme(zone: Zone): void {
    this.colors = chartColors();
    this.chart.applyOptions(chartOptions(this.colors, zone));
    this.applyColors();
    this.draw("all");
  }

  // Panes below the candles; the container must be high enough for them.
  get lowerPanes(): number {
    return this.chart.panes().length - 1;
  }

  choose(choice: ChartChoice): void {
    this.choice = choice;
    this.draw("all");
  }

  show(data: ChartData, change: Change): void {
    const other = this.data !== data;
    this.data = data;
    if (other) this.drawnBars = 0;
    this.draw(other ? "all" : change);
  }

  toNewest(): void {
    const bars = this.data?.bars ?? [];
    const step = this.data?.step ?? 60;
    const wanted = Math.max(first_view_bars_min, Math.ceil(first_view_s / step));
    this.chart.timeScale().setVisibleLogicalRange({ from: bars.length - wanted, to: bars.length + 3 });
  }

  // By a share of what is visible; negative to older bars. Stops at both ends.
  scroll(share: number): void {
    const scale = this.chart.timeScale();
    const range = scale.getVisibleLogicalRange();
    if (!range) return;
    const width = range.to - range.from;
    // Where there are fewer bars than half a view, they stay at its left.
    const from = Math.max(Math.min(range.from + width * share, this.drawnBars - 0.5 * width), -0.1 * width);
    scale.setVisibleLogicalRange({ from, to: from + width });
  }

  // factor < 1: fewer bars, larger.
  zoom(factor: number): void {
    const scale = this.chart.timeScale();
    const range = scale.getVisibleLogicalRange();
    if (!range) return;
    const width = Math.min(Math.max((range.to - range.from) * factor, 10), 20_000);
    scale.setVisibleLogicalRange({ from: range.to - width, to: range.to });
  }

  private applyColors(): void {
    const { up, down } = this.colors;
    this.candles.applyOptions({
      upColor: up,
      downColor: down,
      wickUpColor: up,
      wickDownColor: down,
      borderUpColor: up,
      borderDownColor: down,
    });
  }

  private draw(change: Change): void {
    const bars = this.data?.bars;
    if (!bars) return;
    const last = bars.at(-1);
    const grown = bars.length - this.drawnBars;
    const isLonger = change !== "all" && last !== undefined && this.drawnBars > 1 && (grown === 0 || grown === 1);
    if (isLonger) {
      this.update(bars.at(-2)!, grown === 0);
      this.update(last, false);
      if (change === "price") {
        if (grown === 1) this.bands.show(bars, this.colors);
        this.drawnBars = bars.length;
        return;
      }
    } else {
      this.candles.setData(bars.map(candlePoint));
      this.volume.setData(bars.map((bar) => this.volumePoint(bar)));
    }
    const first = this.drawnBars === 0 && bars.length > 0;
    this.drawnBars = bars.length;
    this.setPrecision(last?.close ?? bars.findLast((bar) => bar.close !== null)?.close ?? null);
    this.bands.show(bars, this.colors);
    this.drawPredictions();
    this.indicators.draw(this.data!, this.choice.indicators, this.colors, this.predictions ? 2 : 1);
    this.sharePanes();
    this.drawMarks();
    if (first) this.toNewest();
    // One page may not fill the view: a page of days is short.
    if (change === "all") setTimeout(() => this.askForOlder(), 0);
  }

  private setPrecision(close: number | null): void {
    const precision = close === null ? -1 : priceDecimals(close);
    if (precision < 0 || precision === this.drawnPrecision) return;
    this.drawnPrecision = precision;
    this.candles.applyOptions({ priceFormat: { type: "custom", formatter: price, minMove: 10 ** -precision } });
  }

  private askForOlder(): void {
    if (this.removed) return;
    const range = this.chart.timeScale().getVisibleLogicalRange();
    if (range && this.drawnBars > 0 && range.from < Math.max(near_oldest_bars, (range.to - range.from) / 2))
      this.onNearOldest();
  }

  // The candles get most of the height.
  private sharePanes(): void {
    const panes = this.chart.panes();
    if (panes.length === this.drawnPanes) return;
    this.drawnPanes = panes.length;
    panes.forEach((pane, i) => pane.setStretchFactor(i === 0 ? candles_stretch : 1));
  }

  private update(bar: Bar, isOlder: boolean): void {
    this.candles.update(candlePoint(bar), isOlder);
    this.volume.update(this.volumePoint(bar), isOlder);
  }

  private volumePoint(bar: Bar) {
    const time = bar.time as UTCTimestamp;
    if (bar.open === null || bar.close === null) return { time };
    return { time, value: bar.volume, color: faded(bar.close >= bar.open ? this.colors.up : this.colors.down, 0.4) };
  }

  // A pane of its own: the probability of UP above or below one half.
  private drawPredictions(): void {
    const data = this.data!;
    const wanted = this.choice.predictions && data.predictions.size > 0;
    if (!wanted) {
      if (this.predictions) this.chart.removeSeries(this.predictions);
      this.predictions = null;
      return;
    }
    if (!this.predictions) {
      this.predictions = this.chart.addSeries(
        HistogramSeries,
        {
          base: 0.5,
          title: "P(up)",
          priceLineVisible: false,
          priceFormat: { type: "price", precision: 3, minMove: 0.001 },
        },
        1,
      );
      this.indicators.clear();
    }
    this.predictions.setData(
      data.bars.map((bar) => {
        const time = bar.time as UTCTimestamp;
        const probability = data.predictions.get(bar.time)?.probability_up;
        if (typeof probability !== "number") return { time };
        return { time, value: probability, color: faded(probability > 0.5 ? this.colors.up : this.colors.down, 0.75) };
      }),
    );
  }

  private drawMarks(): void {
    const bars = this.data?.bars ?? [];
    const first = bars[0];
    const last = bars.at(-1);
    if (!this.data || !first || !last) return this.marks.setMarkers([]);
    const marked = {
      step: this.data.step,
      firstTime: first.time,
      lastTime: last.time,
      predictions: this.data.predictions,
      fills: this.data.fills,
    };
    const marks = [
      ...(this.choice.predictions ? predictionMarks(marked, this.colors, this.closeUp) : []),
      ...fillMarks(marked, this.colors, this.choice.fillsOf, this.closeUp),
    ];
    this.marks.setMarkers(marks.sort((a, b) => Number(a.time) - Number(b.time)));
  }
}

function candlePoint(bar: Bar) {
  const time = bar.time as UTCTimestamp;
  const { open, high, low, close } = bar;
  return open === null || high === null || low === null || close === null ? { time } : { time, open, high, low, close };
}
