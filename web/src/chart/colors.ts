// The page's colours (custom properties of page.css) for what is drawn on a canvas.
export interface ChartColors {
  background: string;
  text: string;
  grid: string;
  border: string;
  up: string;
  down: string;
  gap: string;
  quiet: string;
  accent: string;
  lines: string[];
}

export function chartColors(): ChartColors {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    background: of("surface"),
    text: of("muted"),
    grid: of("grid"),
    border: of("border"),
    up: of("up"),
    down: of("down"),
    gap: of("gap"),
    quiet: of("quiet"),
    accent: of("accent"),
    lines: ["line-1", "line-2", "line-3", "line-4", "line-5", "line-6"].map(of),
  };
}

// "#0b7a4b" with an alpha from 0 to 1.
export function faded(color: string, alpha: number): string {
  return `${color}${Math.round(alpha * 255)
    .toString(16)
    .padStart(2, "0")}`;
}
