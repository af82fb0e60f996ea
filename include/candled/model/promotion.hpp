// Promotion: decides which model serves. Pure: the caller keeps the aliases (in the database), the registry the files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "candled/domain/result.hpp"
#include "candled/domain/stop.hpp"
#include "candled/domain/time.hpp"
#include "candled/model/metrics.hpp"
#include "candled/model/registry.hpp"
#include "candled/model/training_rows.hpp"

namespace candled::model {

enum class PromotionRule : std::uint8_t { better, always, manual };
Result<PromotionRule> promotion_rule_named(std::string_view name);  // "better", "always", "manual"
std::string_view name_of(PromotionRule rule);

// Two models on the same rows, none of which either was trained on.
struct Comparison {
  std::size_t rows = 0;
  Timestamp from, to;  // open times of the first and last row
  double champion_log_loss = 0, challenger_log_loss = 0;
  double champion_accuracy = 0, challenger_accuracy = 0;
  double gain = 0;         // champion_log_loss - challenger_log_loss: above 0 the challenger is better
  Interval gain_interval;  // 95 % block bootstrap of the difference row by row
};

// rows: with features, of the market they were trained on, reaching from before the newer model's hold-out to now. The
// fresh ones are those that open when the labels of both were settled. Refuses models of different horizons or features
// and fewer than `rows_min` fresh rows.
Result<Comparison> compare_models(const LoadedModel& champion, const LoadedModel& challenger, const TrainingRows& rows,
                                  std::uint64_t seed = 1, std::size_t rows_min = 10, const Stop& stop = {});

struct Decision {
  bool promote = false;
  std::string why;  // one line, for the log
};
// A leaking model is never promoted. The first model always is; then the rule decides: `better` on the lower log loss of
// the comparison, and not at all where there is none. comparison: the caller's, empty without a champion that loads.
Decision decide_promotion(PromotionRule rule, const ModelSummary& challenger, bool has_champion,
                          const Result<Comparison>& comparison);

// The champion before the present one that can still be loaded. champions: all of them, oldest first, the present
// one last; the same name may occur several times. loadable: names that the registry lists.
std::optional<std::string> rollback_target(std::span<const std::string> champions,
                                           std::span<const std::string> loadable);

// What `prune` deletes: all but the newest `keep` and those with an alias. names: as list_models gives them.
std::vector<std::string> models_to_prune(std::span<const std::string> names, std::span<const std::string> aliased,
                                         std::size_t keep);

// A model has no training data after trained_to; past this age no position is opened on it.
bool is_expired(Timestamp trained_to, Timestamp now, Duration maximum_age);

// Live scoring: predictions and their outcomes, oldest first.
struct LiveScore {
  std::size_t rows = 0;
  double hit_rate = 0, brier = 0, log_loss = 0;
  Interval hit_rate_interval, brier_interval, log_loss_interval;  // 95 % block bootstrap
};
// labels: up or not_up, as long as probabilities; NaN everywhere without rows. horizon_rows: horizon / interval.
LiveScore score_live(std::span<const double> probabilities, std::span<const Label> labels, std::size_t horizon_rows,
                     std::uint64_t seed = 1);

}  // namespace candled::model
