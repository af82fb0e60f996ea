// Training round: one training as the daemon does it, from feature rows to a decision. No clock, thread or database; the only
// files are those of the model directory. The daemon, `candled train` and the walk-forward of a backtest call it, each with
// its own rows, champion and directory, and each acts on the decision itself.
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "candled/domain/market.hpp"
#include "candled/domain/result.hpp"
#include "candled/domain/time.hpp"
#include "candled/model/promotion.hpp"
#include "candled/model/registry.hpp"
#include "candled/model/trainer.hpp"
#include "candled/store/journal_writer.hpp"
#include "candled/store/reader.hpp"
#include "candled/trading/paper_settings.hpp"
#include "candled/trading/strategy.hpp"

namespace candled::engine {

struct RoundSettings {
  std::filesystem::path directory;   // gets the model; created if missing
  model::TrainingSettings training;  // `parent` is filled in
  model::PromotionRule promote = model::PromotionRule::better;
  // What the hold-out's strategies trade with; without strategies the card has no results of any.
  trading::PaperSettings paper = {};
  std::vector<trading::StrategySettings> strategies = {};
  // How long the training has taken so far, for the card; empty: not known, and the card says 0.
  std::function<Duration()> elapsed = {};
};

struct TrainingRound {
  model::TrainedModel trained;
  model::LoadedModel loaded;  // what was written to the directory, read back
  // With the champion, on rows that neither was trained on; an error says why there is none.
  Result<model::Comparison> comparison;
  model::Decision decision;
};

// Rows of stored candles and features, with the names that the list gives its columns.
model::TrainingRows training_rows(store::StoredRows stored, const store::FeatureListRecord& features,
                                  Duration interval);

// `created` names the model: the end of the newest candle, so a recorded market keeps its own dates. champion: the model that
// runs, or null. Nothing is left in the directory unless the whole round succeeds; errors are train's and the registry's, one
// line each, Remedy::retry where it was cancelled or the disk may recover.
Result<TrainingRound> train_round(const model::TrainingRows& rows, const RoundSettings& settings, Timestamp created,
                                  const model::LoadedModel* champion, const model::OnProgress& on_progress = {});

}  // namespace candled::engine
