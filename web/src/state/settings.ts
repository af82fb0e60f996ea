// What the reader chose; kept in the browser where it allows that.
import { Observable } from "./observable.ts";
import type { Zone } from "../format/times.ts";

export type Theme = "system" | "light" | "dark";

function stored(key: string): string | null {
  try {
    return localStorage.getItem(`candled.${key}`);
  } catch {
    return null;
  }
}

export function kept<T extends string>(key: string, initial: T, allowed?: readonly T[]): Observable<T> {
  const before = stored(key) as T | null;
  const setting = new Observable<T>(before !== null && (!allowed || allowed.includes(before)) ? before : initial);
  setting.listen((value) => {
    try {
      localStorage.setItem(`candled.${key}`, value);
    } catch {
      // Kept for this visit only.
    }
  });
  return setting;
}

export const zone = kept<Zone>("zone", "utc", ["utc", "local"]);
export const theme = kept<Theme>("theme", "system", ["system", "light", "dark"]);
export const market = kept<string>("market", "");
export const chartInterval = kept<string>("interval", "1m");
export const chosenIndicators = kept<string>("indicators", ""); // names separated by ','
export const fillsOf = kept<string>("fills_of", "all"); // "all", "none" or a strategy
export const predictionsShown = kept<"yes" | "no">("predictions", "yes", ["yes", "no"]);

const systemDark = window.matchMedia("(prefers-color-scheme: dark)");

// "dark" or "light", whatever it comes from.
export const shownTheme = new Observable<"light" | "dark">("light");

function applyTheme(): void {
  const dark = theme.value === "dark" || (theme.value === "system" && systemDark.matches);
  document.documentElement.dataset["theme"] = dark ? "dark" : "light";
  shownTheme.set(dark ? "dark" : "light");
}
theme.listen(applyTheme);
systemDark.addEventListener("change", applyTheme);
applyTheme();
