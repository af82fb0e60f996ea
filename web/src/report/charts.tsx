// The charts of a backtest's page. The one setting is the reader's light or dark.
import { useEffect, useRef, useState } from "preact/hooks";
import { LineChart, type Curve, type CurveMark, type Hovered } from "../chart/line_chart.ts";
import { exactMoment } from "../format/times.ts";
import { percent, plural, price, signedPercent } from "../format/numbers.ts";
import { marksOn, priceCurve, type ReportData, type StrategySeries } from "./series.ts";

const dark = matchMedia("(prefers-color-scheme: dark)");

const lineColor = (color: number) => (color < 0 ? "var(--muted)" : `var(--line-${(color % 6) + 1})`);
const lineClass = (color: number) => ["line-dotted", "line-dashed"][color + 2] ?? "";

// What is under the pointer, or where the curves end.
function Legend({ curves, hovered, format }: { curves: readonly Curve[]; hovered: Hovered | null; format: (value: number) => string }) {
  const time = hovered?.time ?? curves[0]?.points.at(-1)?.time;
  return (
    <div class="legend">
      {curves.map(({ name, color, points }) => {
        const value = hovered ? hovered.values.get(name) : points.at(-1)?.value;
        return (
          <span key={name}>
            <i
              class={lineClass(color)}
              ref={(element) => {
                if (element) element.style.borderTopColor = lineColor(color);
              }}
            />
            {name} {value === undefined ? "–" : format(value)}
          </span>
        );
      })}
      {time !== undefined && <span>{exactMoment(time, "utc")}</span>}
    </div>
  );
}

export function Plot({
  label,
  curves,
  format,
  marks = [],
  tall = false,
}: {
  label: string;
  curves: readonly Curve[];
  format: (value: number) => string;
  marks?: readonly CurveMark[];
  tall?: boolean;
}) {
  const container = useRef<HTMLDivElement>(null);
  const [hovered, setHovered] = useState<Hovered | null>(null);
  useEffect(() => {
    const chart = new LineChart(container.current!, "utc", format);
    const draw = () => {
      chart.retheme("utc");
      chart.show(curves);
      if (marks.length > 0) chart.mark(curves[0]!.name, marks);
    };
    draw();
    chart.onHover(setHovered);
    dark.addEventListener("change", draw);
    return () => {
      dark.removeEventListener("change", draw);
      chart.remove();
    };
  }, []);
  return (
    <>
      <div ref={container} class={tall ? "curves tall" : "curves"} role="img" aria-label={label} />
      <Legend curves={curves} hovered={hovered} format={format} />
    </>
  );
}

function FillsPlot({ series, strategy }: { series: ReportData["series"]; strategy: StrategySeries }) {
  const { count, one_of } = strategy.fills;
  return (
    <>
      <h3>
        {strategy.strategy}{" "}
        <span class="muted">
          {plural(count, "fill")}
          {one_of > 1 ? `; one of ${one_of} is shown` : ""}; <span class="up">▲ bought</span> <span class="down">▼ sold</span>
        </span>
      </h3>
      <Plot
        label={`Fills of ${strategy.strategy} on the price`}
        curves={[priceCurve(series.price)]}
        marks={marksOn(series.price, strategy.fills.marks)}
        format={(value) => `${price(value)} ${series.quote}`}
      />
    </>
  );
}

const fill_charts_max = 6;

export function Fills({ series }: { series: ReportData["series"] }) {
  const own = series.strategies.filter((one) => !one.benchmark).slice(0, fill_charts_max);
  const shown = own.length > 0 ? own : series.strategies.slice(0, 1);
  return (
    <>
      {shown.map((strategy) => (
        <FillsPlot key={strategy.strategy} series={series} strategy={strategy} />
      ))}
    </>
  );
}

function Histogram({ strategy }: { strategy: StrategySeries }) {
  const { bars, count, sample } = strategy.returns;
  const most = Math.max(...bars.map((bar) => bar[2]));
  const share = (value: number) => signedPercent(value, 3);
  return (
    <>
      <h3>
        {strategy.strategy}{" "}
        <span class="muted">
          {plural(count, "return")} of {sample}
        </span>
      </h3>
      <div class="bars" role="img" aria-label={`Returns of ${strategy.strategy}`}>
        {bars.map(([from, to, rows]) => (
          <div key={from} title={`${share(from)} to ${share(to)}: ${plural(rows, "return")}`}>
            <i
              ref={(element) => {
                if (element) element.style.height = `${(100 * rows) / most}%`;
              }}
            />
          </div>
        ))}
      </div>
      <div class="ends">
        <span>{share(bars[0]![0])}</span>
        <span>{share(bars.at(-1)![1])}</span>
      </div>
    </>
  );
}

export function Returns({ series }: { series: ReportData["series"] }) {
  const shown = series.strategies.filter((one) => one.strategy !== "flat" && one.returns.bars.length > 0);
  if (shown.length === 0) return <p class="muted">Too few returns for a distribution.</p>;
  return (
    <>
      {shown.map((strategy) => (
        <Histogram key={strategy.strategy} strategy={strategy} />
      ))}
    </>
  );
}

export const depth = (value: number) => percent(value, 2);
