// Features are free of scale; the chart wants prices. An average stored as close / average - 1 is turned back into the average, and
// Bollinger's two numbers into its three lines, so that they lie on the candles.
export interface Line {
  label: string;
  onPrice: boolean; // drawn over the candles; else in a pane of its own
  values: (number | null)[]; // one for each close
}

const ratioOfAverage = /^(sma|ema|wma|dema|tema|kama|vwap|vwap_session|sar)_ratio(_.*)?$/;
const bollinger = /^bb_(percent_b|bandwidth|width)_(\d+)_([\d.]+)$/;
const priceLevel =
  /^(sma|ema|wma|dema|tema|kama|vwap|vwap_session|sar|bb_upper|bb_middle|bb_lower|kc_upper|kc_middle|kc_lower|donchian_upper|donchian_middle|donchian_lower)(_\d.*)?$/;

export function isOverlay(name: string): boolean {
  return ratioOfAverage.test(name) || priceLevel.test(name) || bollinger.test(name);
}

// Features that must be fetched to draw this one.
export function sourcesOf(name: string, available: readonly string[]): string[] {
  const found = bollinger.exec(name);
  if (!found) return [name];
  const tail = `${found[2]}_${found[3]}`;
  const place = `bb_percent_b_${tail}`;
  const width = [`bb_bandwidth_${tail}`, `bb_width_${tail}`].find((one) => available.includes(one));
  return width && available.includes(place) ? [place, width] : [name];
}

const known = (value: number | null | undefined): value is number =>
  typeof value === "number" && Number.isFinite(value);

function averageFrom(closes: readonly (number | null)[], ratios: readonly (number | null)[]): (number | null)[] {
  return closes.map((close, i) => {
    const ratio = ratios[i];
    return known(close) && known(ratio) && ratio > -1 ? close / (1 + ratio) : null;
  });
}

// place = (close - lower) / (upper - lower), width = (upper - lower) / middle, middle halfway between the two.
function bollingerLines(
  closes: readonly (number | null)[],
  places: readonly (number | null)[],
  widths: readonly (number | null)[],
  tail: string,
): Line[] {
  const lower: (number | null)[] = [];
  const middle: (number | null)[] = [];
  const upper: (number | null)[] = [];
  closes.forEach((close, i) => {
    const place = places[i];
    const width = widths[i];
    const range = known(close) && known(place) && known(width) && width > 0 ? close / (1 / width - 0.5 + place) : null;
    lower.push(range === null ? null : close! - place! * range);
    middle.push(range === null ? null : range / width!);
    upper.push(range === null ? null : close! + (1 - place!) * range);
  });
  return [
    { label: `bb_upper_${tail}`, onPrice: true, values: upper },
    { label: `bb_middle_${tail}`, onPrice: true, values: middle },
    { label: `bb_lower_${tail}`, onPrice: true, values: lower },
  ];
}

// The lines to draw for a feature that somebody chose. `values` holds the fetched sources by name.
export function linesOf(
  name: string,
  closes: readonly (number | null)[],
  values: ReadonlyMap<string, readonly (number | null)[]>,
): Line[] {
  const sources = sourcesOf(name, [...values.keys()]);
  if (sources.length === 2) {
    const [, , period, deviations] = bollinger.exec(name)!;
    return bollingerLines(closes, values.get(sources[0]!)!, values.get(sources[1]!)!, `${period}_${deviations}`);
  }
  const own = values.get(name) ?? [];
  const ratio = ratioOfAverage.exec(name);
  if (ratio) return [{ label: `${ratio[1]}${ratio[2] ?? ""}`, onPrice: true, values: averageFrom(closes, own) }];
  return [{ label: name, onPrice: priceLevel.test(name), values: closes.map((_, i) => own[i] ?? null) }];
}
