// What the card of a newer model tells besides: folds walked forward, canaries, what strategies would have made.
import type { ModelCard } from "../api/shapes.ts";
import { count, interval, percent, signedPercent, unknown, isNumber } from "../format/numbers.ts";
import { Change, Table } from "./basics.tsx";

export function CardDetails({ card }: { card: ModelCard }) {
  const walked = card.walk_forward;
  const canaries = card.canaries ?? [];
  const strategies = card.strategies ?? [];
  return (
    <>
      {walked && (
        <p class="judgement">
          Walked forward over {count(walked.rows)} rows: accuracy {percent(walked.accuracy)} (
          {interval(walked.accuracy_interval, (value) => percent(value))}), majority{" "}
          {percent(walked.baselines?.majority)}.
        </p>
      )}
      {canaries.length > 0 && (
        <Table
          caption="Canaries: tests that would find a leak"
          empty=""
          head={[
            ["Leak check", "text"],
            ["AUC", "number"],
            ["at most", "number"],
            ["Verdict", "text"],
          ]}
          rows={canaries.map((one) => ({
            key: one.name,
            cells: [
              one.name,
              isNumber(one.auc) ? one.auc.toFixed(3) : unknown,
              isNumber(one.auc_max) ? one.auc_max.toFixed(3) : unknown,
              one.passed ? "✓ passed" : "✗ leak?",
            ],
          }))}
        />
      )}
      {strategies.length > 0 && (
        <Table
          caption="What strategies would have made on the same rows, after costs"
          empty=""
          head={[
            ["Strategy", "text"],
            ["Return after costs", "number"],
            ["Buy and hold", "number"],
            ["Trades", "number"],
          ]}
          rows={strategies.map((one) => ({
            key: one.name,
            cells: [
              one.name,
              <Change value={one.net_return} text={signedPercent(one.net_return)} />,
              <Change value={one.buy_and_hold_return} text={signedPercent(one.buy_and_hold_return)} />,
              count(one.trades),
            ],
          }))}
        />
      )}
    </>
  );
}
