// Bands: what is not a traded minute, behind the candles. A gap (or a time without any record) is a hatched band over the whole
// height, a quiet minute a faint one at the foot. A bar of several candles shows the share of each.
import type { CanvasRenderingTarget2D } from "fancy-canvas";
import type {
  IChartApi,
  IPrimitivePaneRenderer,
  IPrimitivePaneView,
  ISeriesPrimitive,
  Logical,
  SeriesAttachedParameter,
  Time,
} from "lightweight-charts";
import type { Bar } from "../data/bars.ts";
import { faded, type ChartColors } from "./colors.ts";

const quiet_height = 0.04; // of the pane

export class Bands implements ISeriesPrimitive<Time> {
  private chart: IChartApi | null = null;
  private update: (() => void) | null = null;
  private bars: readonly Bar[] = [];

  constructor(private colors: ChartColors) {}

  attached(parameter: SeriesAttachedParameter<Time>): void {
    this.chart = parameter.chart as IChartApi;
    this.update = parameter.requestUpdate;
  }

  // The bars of the whole time scale: bar i is at logical place i.
  show(bars: readonly Bar[], colors: ChartColors): void {
    this.bars = bars;
    this.colors = colors;
    this.update?.();
  }

  paneViews(): IPrimitivePaneView[] {
    return [{ zOrder: () => "bottom", renderer: () => this.renderer }];
  }

  private readonly renderer: IPrimitivePaneRenderer = {
    draw: () => {},
    drawBackground: (target) => this.draw(target),
  };

  private draw(target: CanvasRenderingTarget2D): void {
    const scale = this.chart?.timeScale();
    const range = scale?.getVisibleLogicalRange();
    if (!scale || !range) return;
    const spacing = scale.options().barSpacing;
    target.useBitmapCoordinateSpace(({ context, bitmapSize, horizontalPixelRatio: ratio }) => {
      const first = Math.max(0, Math.floor(range.from));
      const last = Math.min(this.bars.length - 1, Math.ceil(range.to));
      for (let i = first; i <= last; i += 1) {
        const bar = this.bars[i]!;
        const unknown = bar.state === "gap" || bar.state === "absent" || bar.gapCandles > 0;
        const quiet = bar.state === "quiet" || bar.quietCandles > 0;
        if (!unknown && !quiet) continue;
        const center = scale.logicalToCoordinate(i as Logical);
        if (center === null) continue;
        const x = Math.floor((center - spacing / 2) * ratio);
        const width = Math.max(1, Math.ceil((center + spacing / 2) * ratio) - x);
        if (unknown) this.hatch(context, x, width, bitmapSize.height, ratio);
        if (quiet) {
          context.fillStyle = this.colors.quiet;
          const height = Math.max(3, bitmapSize.height * quiet_height);
          context.fillRect(x, bitmapSize.height - height, width, height);
        }
      }
    });
  }

  private hatch(context: CanvasRenderingContext2D, x: number, width: number, height: number, ratio: number): void {
    context.fillStyle = faded(this.colors.gap, 0.16);
    context.fillRect(x, 0, width, height);
    context.save();
    context.beginPath();
    context.rect(x, 0, width, height);
    context.clip();
    context.strokeStyle = faded(this.colors.gap, 0.55);
    context.lineWidth = ratio;
    context.beginPath();
    const step = 8 * ratio;
    // Lines of one common grid, so that neighbouring bands join.
    const start = Math.floor((x - height) / step) * step;
    for (let at = start; at < x + width; at += step) {
      context.moveTo(at, height);
      context.lineTo(at + height, 0);
    }
    context.stroke();
    context.restore();
  }
}
