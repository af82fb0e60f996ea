// Models: the card of one, its metrics, calibration and importance, and all that were made; promote and roll back.
import { useState } from "preact/hooks";
import { cardOf, modelsOf } from "../api/endpoints.ts";
import type { ModelRow } from "../api/shapes.ts";
import { Facts, Loaded, Panel, Table, Waiting, When } from "../parts/basics.tsx";
import { CardDetails } from "../parts/card_details.tsx";
import { promotion, rollback, useControl } from "../parts/control.tsx";
import { Calibration, Judgement, MetricTable, Ranking } from "../parts/figures.tsx";
import { count, interval, isNumber, percent } from "../format/numbers.ts";
import { useResource } from "../state/resource.ts";

const models_max = 200;
const ranked_max = 12;

function ModelCardPanel({ model }: { model: ModelRow }) {
  const card = useResource(`card ${model.model}`, null, () => cardOf(model.model));
  const more = card.data;
  const metrics = more?.metrics ?? model.metrics;
  const importance = (more?.importance ?? []).filter((one) => isNumber(one.mean_contribution)).slice(0, ranked_max);
  return (
    <Panel title={`Model ${model.model}`} id="card">
      <div class="columns">
        <div>
          <Facts
            facts={[
              ["Role", model.alias ?? "none"],
              ["Kind", model.kind],
              ["Made", <When at={model.created} />],
              [
                "Trained on",
                <>
                  <When at={model.trained_from} /> to <When at={model.trained_to} />
                </>,
              ],
              ...(more
                ? [
                    ["Rows", `${count(more.training_rows)} for training, ${count(more.purged_rows)} purged`] as [
                      string,
                      string,
                    ],
                    ["Looks ahead", `${more.horizon ?? "–"} from candles of ${more.interval ?? "–"}`] as [
                      string,
                      string,
                    ],
                    ["Features", count(more.features?.length)] as [string, string],
                    ["Library", more.library ?? "–"] as [string, string],
                  ]
                : []),
            ]}
          />
          {more?.leaking && (
            <p class="news bad" role="alert">
              A canary says that this model may see the future.
            </p>
          )}
        </div>
        {metrics ? (
          <div>
            <MetricTable metrics={metrics} />
            <Judgement metrics={metrics} />
            {more && <CardDetails card={more} />}
          </div>
        ) : (
          <Waiting>This model has no metrics.</Waiting>
        )}
        {metrics?.calibration_curve && <Calibration bins={metrics.calibration_curve} />}
        {importance.length > 0 && (
          <Ranking
            caption="Importance: mean contribution in log-odds"
            entries={importance.map((one) => ({ name: one.feature, value: one.mean_contribution! }))}
          />
        )}
      </div>
    </Panel>
  );
}

export function ModelsView() {
  const models = useResource("models", "model", () => modelsOf(models_max));
  const [chosen, setChosen] = useState<string | null>(null);
  const { ask, dialogs } = useControl();
  return (
    <Loaded resource={models} absent="This daemon has no models.">
      {(rows) => {
        const shown =
          rows.find((row) => row.model === chosen) ?? rows.find((row) => row.alias === "champion") ?? rows[0];
        if (!shown)
          return (
            <Panel title="Models" id="models">
              <Waiting>Waiting for the first training: it starts when there are enough candles.</Waiting>
            </Panel>
          );
        return (
          <>
            {dialogs}
            <ModelCardPanel model={shown} />
            <Panel
              title="All models"
              id="models"
              actions={
                <div class="toolbar">
                  <button
                    type="button"
                    disabled={shown.alias === "champion"}
                    onClick={() => ask(promotion(shown.model))}
                  >
                    Promote {shown.model}
                  </button>
                  <button type="button" onClick={() => ask(rollback)}>
                    Roll back
                  </button>
                </div>
              }
            >
              <Table
                caption="All models, newest first"
                empty="No models yet."
                head={[
                  ["Model", "text"],
                  ["Role", "text"],
                  ["Kind", "text"],
                  ["Made", "text"],
                  ["Rows tested", "number"],
                  ["Accuracy", "number"],
                  ["95 % interval", "number"],
                  ["Majority", "number"],
                ]}
                rows={rows.map((row) => ({
                  key: row.model,
                  kind: row.model === shown.model ? "current" : "",
                  cells: [
                    <button
                      type="button"
                      class="link"
                      aria-pressed={row.model === shown.model}
                      onClick={() => setChosen(row.model)}
                    >
                      {row.model}
                    </button>,
                    row.alias ?? "",
                    row.kind,
                    <When at={row.created} />,
                    count(row.metrics?.rows),
                    percent(row.accuracy),
                    interval(row.metrics?.accuracy_interval, (value) => percent(value)),
                    percent(row.metrics?.baselines?.majority),
                  ],
                }))}
              />
            </Panel>
          </>
        );
      }}
    </Loaded>
  );
}
