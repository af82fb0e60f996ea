// A metric of a model with its interval and the baselines it must beat.
import { Bar } from "./basics.tsx";
import { count, interval, isNumber, percent, unknown } from "../format/numbers.ts";
import type { CalibrationBin, ModelMetrics } from "../api/shapes.ts";

type Measure = "accuracy" | "precision" | "recall" | "f1" | "auc" | "log_loss" | "brier";
export type Figure = { name: string; key: Measure; share: boolean; baseline?: [string, number | null | undefined] };

const plain = (value: number) => value.toFixed(4);
const shareText = (value: number) => percent(value);

export function MetricTable({ metrics }: { metrics: ModelMetrics }) {
  const base = metrics.baselines ?? {};
  const figures: Figure[] = [
    { name: "Accuracy", key: "accuracy", share: true, baseline: ["majority", base.majority] },
    { name: "Precision", key: "precision", share: true },
    { name: "Recall", key: "recall", share: true },
    { name: "F1", key: "f1", share: true },
    { name: "AUC", key: "auc", share: false, baseline: ["a coin", 0.5] },
    { name: "Log loss", key: "log_loss", share: false, baseline: ["base rate", base.base_rate_log_loss] },
    { name: "Brier", key: "brier", share: false, baseline: ["base rate", base.base_rate_brier] },
  ];
  return (
    <>
      <p class="note">
        On {count(metrics.rows)} rows that no training saw. Intervals: 95 %, block bootstrap
        {isNumber(metrics.bootstrap_block_rows) ? ` in blocks of ${count(metrics.bootstrap_block_rows)} rows` : ""}. Log
        loss and Brier: lower is better.
      </p>
      <div class="table" role="region" aria-label="Metrics" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Metric</th>
              <th scope="col" class="number">
                Value
              </th>
              <th scope="col" class="number">
                Interval
              </th>
              <th scope="col" class="number wrap">
                Without a model
              </th>
            </tr>
          </thead>
          <tbody>
            {figures.map(({ name, key, share, baseline }) => {
              const value = metrics[key];
              const show = share ? shareText : plain;
              const range = metrics[`${key}_interval`];
              const other =
                baseline && isNumber(baseline[1]) ? (
                  <>
                    {show(baseline[1])} <small>{baseline[0]}</small>
                  </>
                ) : (
                  unknown
                );
              return (
                <tr key={key}>
                  <th scope="row">{name}</th>
                  <td class="number">{isNumber(value) ? show(value) : unknown}</td>
                  <td class="number">{interval(range, show)}</td>
                  <td class="number wrap">{other}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </>
  );
}

// Whether the accuracy is more than luck, in one sentence.
export function Judgement({ metrics }: { metrics: ModelMetrics }) {
  const low = metrics.accuracy_interval?.[0];
  const best = Math.max(...[metrics.baselines?.majority, metrics.baselines?.last_direction, 0.5].filter(isNumber));
  if (!isNumber(low)) return null;
  const better = low > best;
  return (
    <p class="judgement">
      {better
        ? `Better than the best baseline (${percent(best)}): even the lower end of the interval is above it.`
        : `Not shown to be better than the best baseline (${percent(best)}): the interval reaches down to ${percent(low)}.`}
      {isNumber(metrics.accuracy) && metrics.accuracy > 0.65
        ? " An accuracy above 65 % at such horizons means a leak."
        : ""}
    </p>
  );
}

const size = 220;
const edge = 28;
const place = (share: number) => edge + share * (size - 2 * edge);

// Said probability against how often it came true; a good model lies on the diagonal.
export function Calibration({ bins }: { bins: readonly CalibrationBin[] }) {
  const full = bins.filter((bin) => bin.rows > 0 && isNumber(bin.mean_probability) && isNumber(bin.up_share));
  if (full.length === 0) return null;
  const most = Math.max(...full.map((bin) => bin.rows));
  const label = full
    .map((bin) => `said ${percent(bin.mean_probability)}, came true ${percent(bin.up_share)}, ${bin.rows} rows`)
    .join("; ");
  return (
    <figure class="calibration">
      <figcaption>Calibration: said against came true; size is the number of rows</figcaption>
      <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={`Calibration: ${label}`}>
        <rect x={edge} y={edge} width={size - 2 * edge} height={size - 2 * edge} class="plot-frame" />
        <line x1={place(0)} y1={size - place(0)} x2={place(1)} y2={size - place(1)} class="plot-ideal" />
        <polyline
          class="plot-line"
          points={full.map((bin) => `${place(bin.mean_probability!)},${size - place(bin.up_share!)}`).join(" ")}
        />
        {full.map((bin, i) => (
          <circle
            key={i}
            cx={place(bin.mean_probability!)}
            cy={size - place(bin.up_share!)}
            r={2.5 + 3.5 * Math.sqrt(bin.rows / most)}
            class="plot-dot"
          />
        ))}
        {[0, 0.5, 1].map((share) => (
          <g key={share}>
            <text x={place(share)} y={size - 8} text-anchor="middle">
              {share * 100}
            </text>
            <text x={edge - 6} y={size - place(share) + 3} text-anchor="end">
              {share * 100}
            </text>
          </g>
        ))}
      </svg>
    </figure>
  );
}

export function Ranking({ caption, entries }: { caption: string; entries: { name: string; value: number }[] }) {
  const largest = Math.max(...entries.map((entry) => Math.abs(entry.value)), 1e-12);
  return (
    <table class="why">
      <caption>{caption}</caption>
      <tbody>
        {entries.map(({ name, value }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>
              <Bar share={Math.abs(value) / largest} kind="neutral" label={`${name}: ${value.toPrecision(3)}`} />
            </td>
            <td class="number">{value.toPrecision(3)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
