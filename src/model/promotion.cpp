#include "candled/model/promotion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "model/arithmetic.hpp"

namespace candled::model {
namespace {

bool contains(std::span<const std::string> names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

bool has_known_value(std::span<const double> row) {
  return std::ranges::any_of(row, [](double value) { return std::isfinite(value); });
}

std::size_t horizon_rows_of(const ModelSummary& summary) {
  return static_cast<std::size_t>(std::max<std::int64_t>(1, summary.horizon / summary.interval));
}

}  // namespace

Result<PromotionRule> promotion_rule_named(std::string_view name) {
  for (const PromotionRule rule : {PromotionRule::better, PromotionRule::always, PromotionRule::manual}) {
    if (name == name_of(rule)) return rule;
  }
  return refuse(fmt::format("unknown promotion rule '{}' (better, always or manual)", name.substr(0, 64)));
}

std::string_view name_of(PromotionRule rule) {
  if (rule == PromotionRule::better) return "better";
  return rule == PromotionRule::always ? "always" : "manual";
}

Result<Comparison> compare_models(const LoadedModel& champion, const LoadedModel& challenger, const TrainingRows& rows,
                                  std::uint64_t seed, std::size_t rows_min, const Stop& stop) {
  const ModelSummary &old = champion.summary, &fresh = challenger.summary;
  if (old.horizon != fresh.horizon) {
    return refuse(fmt::format("models {} and {} predict different horizons ({} and {})", old.record.name,
                              fresh.record.name, to_text(old.horizon), to_text(fresh.horizon)));
  }
  if (old.record.feature_hash != rows.feature_hash || fresh.record.feature_hash != rows.feature_hash) {
    return refuse(
        fmt::format("models {} and {} do not both belong to these features", old.record.name, fresh.record.name));
  }
  const Result<std::vector<Label>> labels = up_labels(rows.candles(), fresh.horizon);
  if (!labels) return std::unexpected(labels.error());
  const Timestamp from = std::max(old.record.trained_to, fresh.record.trained_to);
  std::vector<double> old_losses, fresh_losses, gains;
  Comparison comparison;
  const bool all_seen = until_stopped(0, rows.size(), 64, stop, [&](std::size_t i) {
    const Label label = (*labels)[i];
    if (rows.open_times[i] < from || label == Label::none || !has_known_value(rows.row(i))) return;
    const double old_says = champion.predictor->predict(rows.row(i));
    const double fresh_says = challenger.predictor->predict(rows.row(i));
    old_losses.push_back(log_loss(old_says, label));
    fresh_losses.push_back(log_loss(fresh_says, label));
    gains.push_back(old_losses.back() - fresh_losses.back());
    comparison.champion_accuracy += (old_says > 0.5) == (label == Label::up) ? 1 : 0;
    comparison.challenger_accuracy += (fresh_says > 0.5) == (label == Label::up) ? 1 : 0;
    if (gains.size() == 1) comparison.from = rows.open_times[i];
    comparison.to = rows.open_times[i];
  });
  if (!all_seen) return retry("the comparison was cancelled");
  if (gains.size() < std::max<std::size_t>(rows_min, 1)) {
    return refuse(fmt::format("models {} and {} have {} fresh rows in common, at least {} are needed", old.record.name,
                              fresh.record.name, gains.size(), rows_min));
  }
  comparison.rows = gains.size();
  comparison.champion_accuracy /= static_cast<double>(gains.size());
  comparison.challenger_accuracy /= static_cast<double>(gains.size());
  comparison.champion_log_loss = mean(old_losses);
  comparison.challenger_log_loss = mean(fresh_losses);
  comparison.gain = mean(gains);
  comparison.gain_interval =
      mean_interval(gains, bootstrap_block_rows(gains.size(), horizon_rows_of(fresh)), seed, stop);
  return comparison;
}

Decision decide_promotion(PromotionRule rule, const ModelSummary& challenger, bool has_champion,
                          const Result<Comparison>& comparison) {
  if (challenger.is_leaking)
    return {false, "a leak check of its training failed: it found something where there is nothing"};
  if (!has_champion) return {true, "there is no champion"};
  if (rule == PromotionRule::manual) return {false, "promotion is manual"};
  if (rule == PromotionRule::always) return {true, "every new model is promoted"};
  if (!comparison) return {false, comparison.error().message};
  const std::string figures =
      fmt::format("log loss {:.5f}, the champion's {:.5f} on the same {} rows", comparison->challenger_log_loss,
                  comparison->champion_log_loss, comparison->rows);
  return {comparison->gain > 0, figures};
}

std::optional<std::string> rollback_target(std::span<const std::string> champions,
                                           std::span<const std::string> loadable) {
  for (std::size_t i = champions.size(); i-- > 0;) {
    if (champions[i] != champions.back() && contains(loadable, champions[i])) return champions[i];
  }
  return std::nullopt;
}

std::vector<std::string> models_to_prune(std::span<const std::string> names, std::span<const std::string> aliased,
                                         std::size_t keep) {
  std::vector<std::string> unwanted;
  const std::size_t old = names.size() - std::min(names.size(), keep);
  for (const std::string& name : names.first(old)) {
    if (!contains(aliased, name)) unwanted.push_back(name);
  }
  return unwanted;
}

bool is_expired(Timestamp trained_to, Timestamp now, Duration maximum_age) { return now - trained_to > maximum_age; }

LiveScore score_live(std::span<const double> probabilities, std::span<const Label> labels, std::size_t horizon_rows,
                     std::uint64_t seed) {
  if (probabilities.size() != labels.size()) invariant_failed("live predictions are ragged");
  std::vector<double> hits, errors, log_losses;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    hits.push_back((probabilities[i] > 0.5) == (labels[i] == Label::up) ? 1 : 0);
    errors.push_back(squared_error(probabilities[i], labels[i]));
    log_losses.push_back(log_loss(probabilities[i], labels[i]));
  }
  LiveScore score;
  score.rows = labels.size();
  score.hit_rate = mean(hits);
  score.brier = mean(errors);
  score.log_loss = mean(log_losses);
  if (labels.empty()) {
    const double unknown = std::numeric_limits<double>::quiet_NaN();
    score.hit_rate_interval = score.brier_interval = score.log_loss_interval = {unknown, unknown};
    return score;
  }
  const std::size_t block = bootstrap_block_rows(labels.size(), horizon_rows);
  score.hit_rate_interval = mean_interval(hits, block, seed);
  score.brier_interval = mean_interval(errors, block, seed);
  score.log_loss_interval = mean_interval(log_losses, block, seed);
  return score;
}

}  // namespace candled::model
