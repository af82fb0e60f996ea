#include "candled/cli/champion_request.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <vector>

#include "candled/config/assembly.hpp"
#include "candled/engine/conveyor.hpp"
#include "candled/engine/promotion_request.hpp"
#include "candled/flow/clock.hpp"
#include "candled/flow/thread.hpp"
#include "candled/model/promotion.hpp"
#include "candled/store/journal_writer.hpp"

namespace candled::cli {
namespace {

// The champions that led to the present one. A way back takes those that it went past out, so that going back twice goes back two steps.
std::vector<std::string> way_here(const std::vector<store::PromotionRecord>& promotions) {
  std::vector<std::string> way;
  for (const store::PromotionRecord& one : promotions) {
    const auto before = std::find(way.rbegin(), way.rend(), one.model);
    if (one.why == engine::rolled_back && before != way.rend()) {
      way.erase(before.base(), way.end());
    } else {
      way.push_back(one.model);
    }
  }
  return way;
}

}  // namespace

Result<model::LoadedModel> usable_model(const config::Config& config, const std::string& name) {
  if (!model::is_model_name(name))
    return refuse(fmt::format("'{}' is not the name of a model: candled models list shows them", name.substr(0, 64)));
  const store::FeatureListRecord features = engine::feature_lists(config.table, config.features.list).front();
  Result<model::LoadedModel> loaded =
      model::load_model(config.model.directory.string(), name, {features.hash, features.names.size()});
  if (loaded && loaded->summary.is_leaking) {
    return refuse(
        fmt::format("model {} is leaking: a leak check of its training failed: it found something where there is "
                    "nothing, so it is never promoted",
                    name));
  }
  return loaded;
}

Result<std::string> previous_champion(const config::Config& config, const store::ModelReader& reader) {
  const Result<std::vector<std::string>> names = model::list_models(config.model.directory.string());
  if (!names) return std::unexpected(names.error());
  const std::optional<std::string> target = model::rollback_target(way_here(reader.promotions()), *names);
  if (!target) return refuse("there is no champion before the present one to go back to");
  return *target;
}

namespace {

constexpr Duration patience = Duration::seconds(10);
constexpr Duration look_every = Duration::milliseconds(10);

Result<void> ask_daemon(const config::Config& config, const std::string& model, engine::RequestKind kind) {
  if (const Result<void> asked = engine::request_promotion(config.storage.path, {kind, model}); !asked) return asked;
  // It looks once a second by itself; the signal is for at once.
  if (const auto process = store::database_user_id(config.storage.path)) ::kill(static_cast<pid_t>(*process), SIGHUP);
  const store::ModelReader reader(config.storage.path);
  const Duration started = flow::monotonic_now();
  while (flow::monotonic_now() - started < patience) {
    const std::optional<std::string> now =
        kind == engine::RequestKind::challenge ? reader.challenger() : reader.champion();
    if (now == model) return {};
    flow::pause(look_every);
  }
  return retry(fmt::format("the daemon was asked for model {}, and has not taken it over after {}: its log says why",
                           model, to_text(patience)));
}

}  // namespace

Result<void> register_model(const config::Config& config, const model::LoadedModel& model, engine::RequestKind kind,
                            const std::string& why) {
  const std::string& name = model.record.name;
  if (!store::database_user(config.storage.path).empty()) return ask_daemon(config, name, kind);
  store::JournalWriter writer(config::journal_settings(config));
  if (kind == engine::RequestKind::challenge) return writer.challenge(model.record);
  const store::Reader reader(config.storage.path, config.table);
  const Market market = config.table.front();
  const std::optional<Timestamp> newest = reader.last_candle_open_time(market.id);
  return writer.promote(model.record, why, newest ? *newest + market.interval : Timestamp{});
}

Result<std::string> ask_for_champion(const config::Config& config, const std::optional<std::string>& name) {
  try {
    const store::ModelReader reader(config.storage.path);
    const Result<std::string> wanted = name ? Result<std::string>(*name) : previous_champion(config, reader);
    if (!wanted) return wanted;
    if (const Result<model::LoadedModel> usable = usable_model(config, *wanted); !usable)
      return std::unexpected(usable.error());
    if (reader.champion() == *wanted) return refuse(fmt::format("model {} is the champion already", *wanted));
    const engine::RequestKind kind = name ? engine::RequestKind::promote : engine::RequestKind::rollback;
    if (const Result<void> asked = engine::request_promotion(config.storage.path, {kind, *wanted}); !asked)
      return std::unexpected(asked.error());
    return wanted;
  } catch (const store::StoreError& error) {
    return retry(error.what());
  }
}

}  // namespace candled::cli
