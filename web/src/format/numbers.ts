// Numbers for people: thousands, signs, units. What is not known is an en dash, never 0.
export const unknown = "–";

type Maybe = number | null | undefined;

const formats = new Map<string, Intl.NumberFormat>();

function format(value: number, options: Intl.NumberFormatOptions): string {
  const key = JSON.stringify(options);
  let one = formats.get(key);
  if (!one) formats.set(key, (one = new Intl.NumberFormat("en-US", options)));
  return one.format(value).replace(/^-/, "−");
}

export function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

// Decimals that a price of this size needs: 64,123.4 but 0.000123.
export function priceDecimals(price: number): number {
  const size = Math.abs(price);
  if (size >= 10_000) return 1;
  if (size >= 100) return 2;
  if (size >= 1) return 4;
  return size > 0 ? Math.min(10, 4 - Math.floor(Math.log10(size))) : 2;
}

export function price(value: Maybe): string {
  if (!isNumber(value)) return unknown;
  const decimals = priceDecimals(value);
  return format(value, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

export function money(value: Maybe, currency = ""): string {
  if (!isNumber(value)) return unknown;
  const text = format(value, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return currency ? `${text} ${currency}` : text;
}

export function signedMoney(value: Maybe, currency = ""): string {
  if (!isNumber(value)) return unknown;
  const rounded = Math.round(value * 100) / 100;
  const text = format(rounded === 0 ? 0 : rounded, {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
    signDisplay: "exceptZero",
  });
  return currency ? `${text} ${currency}` : text;
}

export function quantity(value: Maybe): string {
  if (!isNumber(value)) return unknown;
  if (value === 0) return "0";
  return format(value, { maximumSignificantDigits: Math.abs(value) >= 1000 ? 7 : 5 });
}

export function count(value: Maybe): string {
  return isNumber(value) ? format(value, { maximumFractionDigits: 0 }) : unknown;
}

export function percent(fraction: Maybe, decimals = 1): string {
  if (!isNumber(fraction)) return unknown;
  return `${format(fraction * 100, { minimumFractionDigits: decimals, maximumFractionDigits: decimals })} %`;
}

export function signedPercent(fraction: Maybe, decimals = 2): string {
  if (!isNumber(fraction)) return unknown;
  const rounded = Number((fraction * 100).toFixed(decimals));
  const text = format(rounded === 0 ? 0 : rounded, {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
    signDisplay: "exceptZero",
  });
  return `${text} %`;
}

export function interval(
  range: readonly (number | null)[] | null | undefined,
  show: (value: number) => string,
): string {
  const [low, high] = range ?? [];
  return isNumber(low) && isNumber(high) ? `${show(low)} to ${show(high)}` : unknown;
}

// Any figure without a unit: 5 significant digits.
export function figure(value: Maybe): string {
  if (!isNumber(value)) return unknown;
  if (value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e9))
    return value.toExponential(2).replace("-", "−");
  return format(value, { maximumSignificantDigits: 5 });
}

export function bytes(value: Maybe): string {
  if (!isNumber(value)) return unknown;
  const units = ["B", "kB", "MB", "GB", "TB"];
  let size = value;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${format(size, { maximumFractionDigits: unit === 0 ? 0 : 1 })} ${units[unit]}`;
}

export function plural(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}
