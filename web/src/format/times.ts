// Times for people. A time is seconds since 1970 UTC; it is shown in UTC or in the reader's own zone, and always says which.
import { isNumber, unknown } from "./numbers.ts";

export type Zone = "utc" | "local";
type Maybe = number | null | undefined;

export function seconds(text: string | null | undefined): number | null {
  if (!text) return null;
  const milliseconds = Date.parse(text);
  return Number.isNaN(milliseconds) ? null : milliseconds / 1000;
}

export function iso(time: number): string {
  return new Date(time * 1000).toISOString();
}

const two = (value: number) => String(value).padStart(2, "0");

interface Parts {
  date: string;
  minutes: string;
  seconds: string;
}

function parts(time: number, zone: Zone): Parts {
  const at = new Date(time * 1000);
  const utc = zone === "utc";
  const year = utc ? at.getUTCFullYear() : at.getFullYear();
  const month = (utc ? at.getUTCMonth() : at.getMonth()) + 1;
  const day = utc ? at.getUTCDate() : at.getDate();
  const hour = utc ? at.getUTCHours() : at.getHours();
  const minute = utc ? at.getUTCMinutes() : at.getMinutes();
  const second = utc ? at.getUTCSeconds() : at.getSeconds();
  return {
    date: `${year}-${two(month)}-${two(day)}`,
    minutes: `${two(hour)}:${two(minute)}`,
    seconds: `${two(hour)}:${two(minute)}:${two(second)}`,
  };
}

// "UTC", "UTC+2", "UTC+5:30": the zone at that time, because of daylight saving.
export function zoneName(zone: Zone, time = Date.now() / 1000): string {
  if (zone === "utc") return "UTC";
  const minutes = -new Date(time * 1000).getTimezoneOffset();
  if (minutes === 0) return "UTC";
  const size = Math.abs(minutes);
  const rest = size % 60 === 0 ? "" : `:${two(size % 60)}`;
  return `UTC${minutes < 0 ? "−" : "+"}${Math.floor(size / 60)}${rest}`;
}

export const date = (time: number, zone: Zone): string => parts(time, zone).date;
export const clock = (time: number, zone: Zone): string => parts(time, zone).minutes;

export function moment(time: Maybe, zone: Zone): string {
  if (!isNumber(time)) return unknown;
  const { date: day, minutes } = parts(time, zone);
  return `${day} ${minutes} ${zoneName(zone, time)}`;
}

export function exactMoment(time: Maybe, zone: Zone): string {
  if (!isNumber(time)) return unknown;
  const { date: day, seconds: exact } = parts(time, zone);
  return `${day} ${exact} ${zoneName(zone, time)}`;
}

// "45 s", "3 min", "2 h 5 min", "4 d 3 h"
export function span(duration: Maybe): string {
  if (!isNumber(duration)) return unknown;
  const whole = Math.max(0, Math.round(duration));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`;
}

export function ago(time: Maybe, now: number): string {
  if (!isNumber(time)) return unknown;
  return now - time < 1 ? "just now" : `${span(now - time)} ago`;
}
