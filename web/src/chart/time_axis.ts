// Options that every chart shares: colours, and times in the reader's zone.
import {
  ColorType,
  CrosshairMode,
  TickMarkType,
  type ChartOptions,
  type DeepPartial,
  type Time,
} from "lightweight-charts";
import { clock, date, exactMoment, type Zone } from "../format/times.ts";
import type { ChartColors } from "./colors.ts";

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function tickText(time: number, type: TickMarkType, zone: Zone): string {
  const day = date(time, zone);
  const month = months[Number(day.slice(5, 7)) - 1] ?? "";
  if (type === TickMarkType.Year) return day.slice(0, 4);
  if (type === TickMarkType.Month) return month;
  if (type === TickMarkType.DayOfMonth) return `${Number(day.slice(8))} ${month}`;
  return clock(time, zone);
}

export function chartOptions(colors: ChartColors, zone: Zone): DeepPartial<ChartOptions> {
  return {
    autoSize: true,
    layout: {
      background: { type: ColorType.Solid, color: colors.background },
      textColor: colors.text,
      fontFamily: "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif",
      attributionLogo: false, // it needs an inline style sheet; the foot of the page names and links the library
      panes: { separatorColor: colors.border, separatorHoverColor: colors.grid },
    },
    grid: { vertLines: { color: colors.grid }, horzLines: { color: colors.grid } },
    crosshair: { mode: CrosshairMode.Normal },
    rightPriceScale: { borderColor: colors.border },
    timeScale: {
      borderColor: colors.border,
      timeVisible: true,
      secondsVisible: false,
      minBarSpacing: 0.2,
      tickMarkFormatter: (time: Time, type: TickMarkType) => tickText(Number(time), type, zone),
    },
    localization: { locale: "en-US", timeFormatter: (time: Time) => exactMoment(Number(time), zone) },
  };
}
