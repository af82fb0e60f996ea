// candled train: one training now, as the daemon does it.
#include <fmt/format.h>

#include "candled/cli/champion_request.hpp"
#include "candled/cli/commands.hpp"
#include "candled/domain/json_writer.hpp"
#include "candled/flow/clock.hpp"
#include "candled/flow/progress_line.hpp"
#include "candled/flow/signals.hpp"
#include "candled/model/card_text.hpp"
#include "cli/stored_rows.hpp"

namespace candled::cli {
namespace {

int failed(const Error& error) {
  fmt::print(stderr, "candled: {}\n", error.message);
  return 1;
}

Result<model::TrainingRows> rows_to_learn(const config::Config& config) {
  Result<model::TrainingRows> rows = window_rows(config, config.training.window);
  if (!rows) return rows;
  if (static_cast<std::int64_t>(rows->size()) < config.training.minimum_candles) {
    return refuse(fmt::format(
        "training: too few rows: {} candles of {} lie in the window of {}, [training] minimum_candles is {}",
        rows->size(), config.table.front().name(), to_text(config.training.window), config.training.minimum_candles));
  }
  return rows;
}

// The champion as far as it can be compared with: of these features and this horizon.
std::optional<model::LoadedModel> champion_of(const config::Config& config, const model::TrainingRows& rows) {
  const std::optional<std::string> name = store::ModelReader(config.storage.path).champion();
  if (!name) return std::nullopt;
  Result<model::LoadedModel> loaded = model::load_model(
      config.model.directory.string(), *name, {rows.feature_hash, rows.feature_names.size(), config.training.horizon});
  if (loaded) return std::move(*loaded);
  fmt::print(stderr, "candled: the champion cannot be compared with: {}\n", loaded.error().message);
  return std::nullopt;
}

void write_comparison(JsonWriter& json, const Result<model::Comparison>& comparison) {
  if (!comparison) {
    json.value(nullptr);
    return;
  }
  const model::Comparison& c = *comparison;
  json.begin_object()
      .member("rows", c.rows)
      .member("champion_log_loss", c.champion_log_loss)
      .member("challenger_log_loss", c.challenger_log_loss);
  json.member("champion_accuracy", c.champion_accuracy)
      .member("challenger_accuracy", c.challenger_accuracy)
      .member("gain", c.gain);
  json.key("gain_interval")
      .begin_array()
      .value(c.gain_interval.low)
      .value(c.gain_interval.high)
      .end_array()
      .end_object();
}

std::string round_json(const engine::TrainingRound& round) {
  const ModelRecord& record = round.loaded.record;
  return json_object([&](JsonWriter& json) {
    json.member("model", record.name)
        .member("kind", record.kind)
        .member("promoted", round.decision.promote)
        .member("why", round.decision.why);
    json.member("trained_from", record.trained_from)
        .member("trained_to", record.trained_to)
        .member("training_rows", round.trained.training_rows);
    json.member("holdout_rows", round.trained.metrics.rows).member("accuracy", round.trained.metrics.accuracy);
    json.member("log_loss", round.trained.metrics.log_loss).member("leaking", round.loaded.summary.is_leaking);
    json.member("has_edge", round.loaded.summary.has_edge)
        .key("seconds")
        .fixed(static_cast<double>(round.trained.took.ns) / 1e9, 3);
    write_comparison(json.key("comparison"), round.comparison);
    json.key("metrics").json(record.metrics_json);
  });
}

void tell(const config::Config& config, const engine::TrainingRound& round) {
  const std::string& name = round.loaded.record.name;
  const Result<std::string> card = model::read_model_card(config.model.directory.string(), name);
  const Result<std::string> text = card ? model::card_text(*card) : card;
  if (text) fmt::print("{}", *text);
  fmt::print("{:<12}{}: {}\n", "decision", round.decision.promote ? "champion" : "challenger", round.decision.why);
}

}  // namespace

int run_train(const config::Config& given, const TrainOptions& options) {
  const config::Config config = with_flags(given, options.learning);
  flow::Log log(config.log);
  const Result<model::TrainingRows> rows = rows_to_learn(config);
  if (!rows) return failed(rows.error());
  const std::optional<model::LoadedModel> champion = champion_of(config, *rows);
  engine::RoundSettings settings = round_settings(config);
  if (options.combinatorial) settings.training.combinatorial = model::CombinatorialSettings{};
  const Duration started = flow::monotonic_now();
  settings.elapsed = [started] { return flow::monotonic_now() - started; };
  flow::ProgressLine line("training", log);
  const Result<engine::TrainingRound> round = engine::train_round(
      *rows, settings, rows->open_times.back() + rows->interval, champion ? &*champion : nullptr,
      [&](const model::Progress& progress) {
        line.show("rounds", progress.done, static_cast<double>(progress.done) / std::max(progress.total, 1));
        return !flow::stop_requested();
      });
  line.finish();
  if (flow::stop_requested()) return failed({Remedy::retry, "stopped; nothing was written"});
  if (!round) return failed(round.error());
  if (options.as_json) {
    fmt::print("{}\n", round_json(*round));
  } else {
    tell(config, *round);
  }
  const engine::RequestKind kind =
      round->decision.promote ? engine::RequestKind::promote : engine::RequestKind::challenge;
  const Result<void> done = register_model(config, round->loaded, kind, round->decision.why);
  return done ? 0 : failed(done.error());
}

}  // namespace candled::cli
