#include "candled/engine/training_round.hpp"

#include <utility>

#include "candled/engine/holdout_trading.hpp"

namespace candled::engine {
namespace {

// The card names the strategies' results on the very hold-out that its metrics are of.
model::TrainingSettings with_strategies(const RoundSettings& settings, const model::TrainingRows& rows) {
  model::TrainingSettings training = settings.training;
  if (settings.strategies.empty()) return training;
  training.evaluate_strategies = [&settings, &rows](const model::HoldoutPredictions& holdout) {
    return strategy_results(rows, holdout, settings.paper, settings.strategies);
  };
  return training;
}

Result<model::Comparison> compare(const model::LoadedModel* champion, const model::LoadedModel& challenger,
                                  const model::TrainingRows& rows, const model::TrainingSettings& training,
                                  const Stop& stop) {
  if (champion == nullptr) return refuse("there is no champion");
  return model::compare_models(*champion, challenger, rows, training.seed, training.holdout_rows_min, stop);
}

Result<model::LoadedModel> write(const model::TrainedModel& trained, const std::string& directory, Timestamp created,
                                 const model::ExpectedFeatures& expected) {
  const Result<std::string> name = model::free_model_name(directory, created);
  if (!name) return std::unexpected(name.error());
  if (Result<ModelRecord> written = model::write_model(directory, *name, trained, created); !written) {
    return std::unexpected(written.error());
  }
  Result<model::LoadedModel> loaded = model::load_model(directory, *name, expected);
  if (!loaded) static_cast<void>(model::remove_model(directory, *name));  // what cannot be read back must not be listed
  return loaded;
}

}  // namespace

model::TrainingRows training_rows(store::StoredRows stored, const store::FeatureListRecord& features,
                                  Duration interval) {
  model::TrainingRows rows;
  rows.feature_names = features.names;
  rows.feature_hash = features.hash;
  rows.interval = interval;
  rows.open_times = std::move(stored.open_times);
  rows.closes = std::move(stored.closes);
  rows.states = std::move(stored.states);
  rows.features = std::move(stored.features);
  rows.highs = std::move(stored.highs);
  rows.lows = std::move(stored.lows);
  return rows;
}

Result<TrainingRound> train_round(const model::TrainingRows& rows, const RoundSettings& settings, Timestamp created,
                                  const model::LoadedModel* champion, const model::OnProgress& on_progress) {
  model::TrainingSettings training = with_strategies(settings, rows);
  training.parent = champion != nullptr ? champion->record.name : std::string();
  Result<model::TrainedModel> trained = model::train(rows, training, on_progress);
  if (!trained) return std::unexpected(trained.error());
  if (settings.elapsed) trained->took = settings.elapsed();
  Result<model::LoadedModel> loaded = write(*trained, settings.directory.string(), created,
                                            {rows.feature_hash, rows.feature_names.size(), training.horizon});
  if (!loaded) return std::unexpected(loaded.error());
  const auto stopped = [&] { return on_progress && !on_progress({1, 1}); };
  Result<model::Comparison> comparison = compare(champion, *loaded, rows, training, stopped);
  if (stopped()) {
    static_cast<void>(model::remove_model(settings.directory.string(), loaded->record.name));
    return retry("training was cancelled");
  }
  model::Decision decision =
      model::decide_promotion(settings.promote, loaded->summary, champion != nullptr, comparison);
  return TrainingRound{std::move(*trained), std::move(*loaded), std::move(comparison), std::move(decision)};
}

}  // namespace candled::engine
