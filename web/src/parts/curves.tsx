// A line chart as a part of the page.
import { useEffect, useRef } from "preact/hooks";
import { LineChart, type Curve } from "../chart/line_chart.ts";
import { useObservable } from "../state/observable.ts";
import { shownTheme, zone } from "../state/settings.ts";

export function Curves({
  label,
  curves,
  format,
}: {
  label: string;
  curves: readonly Curve[];
  format: (value: number) => string;
}) {
  const container = useRef<HTMLDivElement>(null);
  const chart = useRef<LineChart | null>(null);
  const theme = useObservable(shownTheme);
  const shownZone = useObservable(zone);
  useEffect(() => {
    if (!container.current) return;
    const made = new LineChart(container.current, shownZone, format);
    chart.current = made;
    return () => made.remove();
  }, []);
  useEffect(() => {
    chart.current?.retheme(shownZone);
    chart.current?.show(curves.map((curve) => ({ ...curve, title: curve.name })));
  }, [curves, theme, shownZone]);
  return <div ref={container} class="curves" role="img" aria-label={label} />;
}
