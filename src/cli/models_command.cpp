// candled models list, show, compare: reading only, so a running daemon does not notice.
#include <fmt/format.h>

#include <cmath>
#include <filesystem>

#include "candled/cli/champion_request.hpp"
#include "candled/cli/commands.hpp"
#include "candled/domain/json_writer.hpp"
#include "candled/engine/conveyor.hpp"
#include "candled/engine/live_scoring.hpp"
#include "candled/model/card_text.hpp"
#include "candled/model/promotion.hpp"
#include "cli/model_choice.hpp"
#include "cli/stored_rows.hpp"

namespace candled::cli {
namespace {

constexpr std::size_t scored_max = 100'000, drift_rows_max = 10'000, drifted_told = 5;

int failed(const Error& error) {
  fmt::print(stderr, "candled: {}\n", error.message);
  return 1;
}

void write_summary(JsonWriter& json, const model::ModelSummary& s, const std::string& alias) {
  const ModelRecord& r = s.record;
  json.begin_object()
      .member("model", r.name)
      .member("kind", r.kind)
      .member_or_null("alias", alias)
      .member("created", r.created);
  json.member("trained_from", r.trained_from).member("trained_to", r.trained_to).member("horizon", to_text(s.horizon));
  json.member("interval", to_text(s.interval))
      .member("training_rows", s.training_rows)
      .member("accuracy", r.accuracy)
      .member("f1", r.f1);
  json.member("precision", r.precision)
      .member("recall", r.recall)
      .member("log_loss", s.log_loss)
      .member("has_edge", s.has_edge);
  json.member("leaking", s.is_leaking)
      .member_or_null("parent", s.parent)
      .member("feature_hash", r.feature_hash)
      .member("sha256", r.sha256);
  json.key("metrics").json(r.metrics_json.empty() ? "null" : r.metrics_json).end_object();
}

std::string summary_line(const model::ModelSummary& s, const std::string& alias) {
  const ModelRecord& r = s.record;
  return fmt::format("{:<16} {:<11} {:<9} {:>7} {:>8}  {:<16}  {:>8.1f} % {:>9.5f}  {}\n", r.name,
                     alias.empty() ? "-" : alias, r.kind, to_text(s.horizon), s.training_rows,
                     to_iso8601(r.trained_to).substr(0, 16), r.accuracy * 100, s.log_loss,
                     s.is_leaking ? "LEAKING"
                     : s.has_edge ? "edge"
                                  : "none");
}

// The market that the model's predictions are scored on, with what its live predictions came to.
struct Live {
  std::optional<engine::ModelLive> score;
  std::optional<engine::DriftReport> drift;
};
Live live_of(const config::Config& config, const std::string& name) {
  Live live;
  if (!std::filesystem::exists(config.storage.path)) return live;
  const store::ModelReader reader(config.storage.path);
  const Market market = config.table.front();
  for (engine::ModelLive& one : engine::score_models(reader, market, scored_max)) {
    if (one.model == name) live.score = std::move(one);
  }
  const store::FeatureListRecord features = engine::feature_lists({market}, config.features.list).front();
  Result<engine::DriftReport> drift =
      engine::measure_drift(reader, market, config.model.directory, name, features.names, drift_rows_max);
  if (drift && drift->rows > 0) live.drift = std::move(*drift);
  return live;
}

void tell(const Live& live) {
  if (!live.score) {
    fmt::print("{:<12}no prediction of it whose outcome is known\n", "live");
  } else {
    const model::LiveScore& s = live.score->score;
    fmt::print("{:<12}{} outcomes: {:.1f} % right (95 %: {:.1f} to {:.1f}), log loss {:.5f}, Brier {:.5f}\n", "live",
               s.rows, s.hit_rate * 100, s.hit_rate_interval.low * 100, s.hit_rate_interval.high * 100, s.log_loss,
               s.brier);
  }
  if (!live.drift) return;
  fmt::print("{:<12}predictions {:.3f} over {} rows; below 0.1 little moved, above 0.25 much did\n", "drift",
             live.drift->predictions, live.drift->rows);
  for (std::size_t i = 0; i < std::min(live.drift->features.size(), drifted_told); ++i) {
    fmt::print("{:<12}{:<24} {:.3f}\n", "", live.drift->features[i].feature, live.drift->features[i].stability_index);
  }
}

}  // namespace

int run_models_list(const config::Config& config, bool as_json) {
  const std::string directory = config.model.directory.string();
  const Result<std::vector<std::string>> names = model::list_models(directory);
  if (!names) return failed(names.error());
  const Aliases aliases = read_aliases(config);
  std::string out;
  JsonWriter json(out);
  if (as_json) json.begin_object().key("models").begin_array();
  for (const std::string& name : *names) {
    const Result<model::ModelSummary> summary = model::read_summary(directory, name);
    if (!as_json) {
      out += summary ? summary_line(*summary, aliases.of(name))
                     : fmt::format("{:<16} unusable: {}\n", name, summary.error().message);
    } else if (summary) {
      write_summary(json, *summary, aliases.of(name));
    } else {
      json.begin_object().member("model", name).member("error", summary.error().message).end_object();
    }
  }
  if (as_json) {
    json.end_array().end_object();
    fmt::print("{}\n", out);
  } else if (names->empty()) {
    fmt::print("no models in {}\n", directory);
  } else {
    fmt::print("{:<16} {:<11} {:<9} {:>7} {:>8}  {:<16}  {:>10} {:>9}  edge\n{}", "model", "alias", "kind", "horizon",
               "rows", "knows until", "accuracy", "log loss", out);
  }
  return 0;
}

int run_models_show(const config::Config& config, const std::string& text, bool as_json) {
  const Result<std::string> name = chosen_model(config, text);
  if (!name) return failed(name.error());
  const Result<std::string> card = model::read_model_card(config.model.directory.string(), *name);
  if (!card) return failed(card.error());
  const std::string alias = read_aliases(config).of(*name);
  const Live live = live_of(config, *name);
  if (as_json) {
    fmt::print("{}\n", json_object([&](JsonWriter& json) {
                 json.member("model", *name)
                     .member_or_null("alias", alias)
                     .key("live")
                     .json(live.score ? engine::to_json(*live.score) : "null");
                 json.key("drift").json(live.drift ? engine::to_json(*live.drift) : "null").key("card").json(*card);
               }));
    return 0;
  }
  const Result<std::string> readable = model::card_text(*card);
  if (!readable) return failed(readable.error());
  fmt::print("{}", *readable);
  if (!alias.empty()) fmt::print("{:<12}{}\n", "alias", alias);
  tell(live);
  return 0;
}

int run_models_compare(const config::Config& config, const std::string& first, const std::string& second,
                       bool as_json) {
  std::vector<model::LoadedModel> models;
  const store::FeatureListRecord features = engine::feature_lists(config.table, config.features.list).front();
  for (const std::string& text : {first, second}) {
    const Result<std::string> name = chosen_model(config, text);
    if (!name) return failed(name.error());
    Result<model::LoadedModel> loaded =
        model::load_model(config.model.directory.string(), *name, {features.hash, features.names.size()});
    if (!loaded) return failed(loaded.error());
    models.push_back(std::move(*loaded));
  }
  const Result<model::TrainingRows> rows = window_rows(config, config.training.window);
  if (!rows) return failed(rows.error());
  const Result<model::Comparison> c = model::compare_models(models[0], models[1], *rows);
  if (!c) return failed(c.error());
  const std::string &a = models[0].record.name, &b = models[1].record.name;
  if (as_json) {
    fmt::print(
        "{}\n", json_object([&](JsonWriter& json) {
          json.member("first", a)
              .member("second", b)
              .member("rows", c->rows)
              .member("from", c->from)
              .member("to", c->to);
          json.member("first_log_loss", c->champion_log_loss).member("second_log_loss", c->challenger_log_loss);
          json.member("first_accuracy", c->champion_accuracy)
              .member("second_accuracy", c->challenger_accuracy)
              .member("gain", c->gain);
          json.key("gain_interval").begin_array().value(c->gain_interval.low).value(c->gain_interval.high).end_array();
        }));
    return 0;
  }
  fmt::print("{} rows that neither has learned from, {} to {}\n", c->rows, to_iso8601(c->from).substr(0, 16),
             to_iso8601(c->to).substr(0, 16));
  fmt::print("{:<16} {:>10} {:>10}\n", "model", "log loss", "accuracy");
  fmt::print("{:<16} {:>10.5f} {:>8.1f} %\n{:<16} {:>10.5f} {:>8.1f} %\n", a, c->champion_log_loss,
             c->champion_accuracy * 100, b, c->challenger_log_loss, c->challenger_accuracy * 100);
  fmt::print("{} is {} by {:.5f} nats a row (95 % of its gain: {:.5f} to {:.5f}){}\n", b,
             c->gain > 0 ? "better" : "worse", std::abs(c->gain), c->gain_interval.low, c->gain_interval.high,
             c->gain_interval.low > 0 || c->gain_interval.high < 0 ? "" : "; that may be chance");
  return 0;
}

}  // namespace candled::cli
