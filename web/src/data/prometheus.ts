// The text of /metrics as numbers: what the page shows of it.
export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

export function parseMetrics(text: string): Sample[] {
  const samples: Sample[] = [];
  for (const line of text.split("\n")) {
    const found = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/.exec(line);
    if (!found || line.startsWith("#")) continue;
    const value =
      found[3] === "+Inf"
        ? Number.POSITIVE_INFINITY
        : found[3] === "-Inf"
          ? Number.NEGATIVE_INFINITY
          : Number(found[3]);
    const labels: Record<string, string> = {};
    for (const [, name, raw] of (found[2] ?? "").matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g)) {
      labels[name!] = raw!.replace(/\\n/g, "\n").replace(/\\(["\\])/g, "$1");
    }
    samples.push({ name: found[1]!, labels, value });
  }
  return samples;
}

// Summed over all labels; null if there is no such metric.
export function total(samples: readonly Sample[], name: string): number | null {
  const own = samples.filter((sample) => sample.name === name);
  return own.length > 0 ? own.reduce((sum, sample) => sum + sample.value, 0) : null;
}

// A quantile of a histogram, all label sets together, as Prometheus reckons it: linear inside a bucket. Null: nothing observed.
export function quantile(samples: readonly Sample[], name: string, share: number): number | null {
  const counts = new Map<number, number>();
  for (const sample of samples) {
    if (sample.name !== `${name}_bucket`) continue;
    const bound = sample.labels["le"] === "+Inf" ? Number.POSITIVE_INFINITY : Number(sample.labels["le"]);
    counts.set(bound, (counts.get(bound) ?? 0) + sample.value);
  }
  const bounds = [...counts.keys()].sort((a, b) => a - b);
  const all = counts.get(bounds.at(-1) ?? Number.NaN) ?? 0;
  if (all === 0) return null;
  const wanted = share * all;
  let below = 0;
  let lower = 0;
  for (const bound of bounds) {
    const upTo = counts.get(bound)!;
    if (upTo >= wanted) {
      if (!Number.isFinite(bound)) return lower;
      return upTo === below ? bound : lower + (bound - lower) * ((wanted - below) / (upTo - below));
    }
    below = upTo;
    lower = bound;
  }
  return lower;
}
