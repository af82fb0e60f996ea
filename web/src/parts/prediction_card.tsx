// The newest prediction in words: UP or DOWN, how sure, why, by which model.
import { newestPrediction } from "../api/endpoints.ts";
import type { Contribution, PredictionRow } from "../api/shapes.ts";
import { figure, isNumber, percent } from "../format/numbers.ts";
import { live } from "../state/live.ts";
import { useObservable } from "../state/observable.ts";
import { useResource } from "../state/resource.ts";
import { Bar, Facts, Loaded, Panel, Waiting, When } from "./basics.tsx";

const reasons_max = 8;

function Why({ contributions }: { contributions: readonly Contribution[] }) {
  const top = [...contributions]
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
    .slice(0, reasons_max);
  const largest = Math.max(...top.map((one) => Math.abs(one.contribution)), 1e-12);
  return (
    <table class="why">
      <caption>Why: what moved the odds most</caption>
      <tbody>
        {top.map((one) => {
          const up = one.contribution > 0;
          return (
            <tr key={one.feature}>
              <th scope="row">
                {one.feature}
                {isNumber(one.value) ? <small> = {figure(one.value)}</small> : null}
              </th>
              <td>
                <Bar
                  share={Math.abs(one.contribution) / largest}
                  kind={up ? "up" : "down"}
                  label={`speaks for ${up ? "up" : "down"}, ${figure(Math.abs(one.contribution))} log-odds`}
                />
              </td>
              <td class={`number ${up ? "up" : "down"}`}>
                {up ? "▲" : "▼"} {figure(Math.abs(one.contribution))}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Verdict({ prediction }: { prediction: PredictionRow }) {
  const probability = prediction.probability_up;
  if (!isNumber(probability)) return <Waiting>The newest candle has no probability.</Waiting>;
  const up = probability > 0.5;
  const sure = prediction.confidence ?? Math.max(probability, 1 - probability);
  return (
    <>
      <p class={`verdict ${up ? "up" : "down"}`}>
        <span class="verdict-word">{up ? "▲ UP" : "▼ DOWN"}</span>
        <span class="verdict-text">
          in {prediction.horizon}, {percent(sure)} sure
        </span>
      </p>
      <div class="scale" aria-hidden="true">
        <span>0 %</span>
        <Bar share={probability} kind={up ? "up" : "down"} label="" />
        <span>100 %</span>
      </div>
      <Facts
        facts={[
          ["Probability of up", percent(probability)],
          ["Signal", prediction.signal + (prediction.stale ? " (too late to trade on)" : prediction.expired ? " (the model is too old to trade on)" : "")],
          ["Made at the close of", <When at={prediction.open_time} />],
          ["Model", prediction.model],
        ]}
      />
      {prediction.contributions && prediction.contributions.length > 0 ? (
        <Why contributions={prediction.contributions} />
      ) : null}
    </>
  );
}

export function PredictionCard({ market }: { market: string }) {
  const newest = useResource(`newest ${market}`, "prediction", async () => ({ row: await newestPrediction(market) }));
  const status = useObservable(live.status);
  const absent = status?.champion
    ? "Waiting for the next closed candle: it brings the first prediction."
    : "Waiting for a model: the first one is trained when there are enough candles.";
  return (
    <Panel title="Prediction" id="prediction">
      <Loaded resource={newest} absent={absent}>
        {({ row }) => (row ? <Verdict prediction={row} /> : <Waiting>{absent}</Waiting>)}
      </Loaded>
    </Panel>
  );
}
