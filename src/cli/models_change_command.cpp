// candled models promote, rollback, prune: what changes which model serves, and which are kept.
#include <fmt/format.h>

#include <filesystem>

#include "candled/cli/champion_request.hpp"
#include "candled/cli/commands.hpp"
#include "candled/domain/json_writer.hpp"
#include "candled/flow/clock.hpp"
#include "candled/model/promotion.hpp"
#include "candled/store/journal_writer.hpp"
#include "cli/model_choice.hpp"

namespace candled::cli {
namespace {

constexpr std::size_t champions_kept = 5;

int failed(const Error& error) {
  fmt::print(stderr, "candled: {}\n", error.message);
  return 1;
}

int no_database(const config::Config& config) {
  return failed(
      {Remedy::refuse, fmt::format("there is no database {}, so no model serves", config.storage.path.string())});
}

int make_champion(const config::Config& config, const std::string& name, engine::RequestKind kind,
                  const std::string& why, bool as_json) {
  const Result<model::LoadedModel> model = usable_model(config, name);
  if (!model) return failed(model.error());
  const std::optional<std::string> before = read_aliases(config).champion;
  if (before == name) return failed({Remedy::refuse, fmt::format("model {} is the champion already", name)});
  const bool runs = !store::database_user(config.storage.path).empty();
  const Duration started = flow::monotonic_now();
  if (const Result<void> done = register_model(config, *model, kind, why); !done) return failed(done.error());
  const double seconds = static_cast<double>((flow::monotonic_now() - started).ns) / 1e9;
  if (as_json) {
    fmt::print("{}\n", json_object([&](JsonWriter& json) {
                 json.member("champion", name)
                     .member("before", before)
                     .member("daemon", runs)
                     .key("seconds")
                     .fixed(seconds, 3);
               }));
  } else {
    fmt::print("{} is champion{}; {}\n", name, before ? fmt::format(" instead of {}", *before) : "",
               runs ? fmt::format("the daemon took it over in {:.2f} s", seconds)
                    : "no daemon runs: it serves from the next start on");
  }
  return 0;
}

}  // namespace

int run_models_promote(const config::Config& config, const std::string& text, bool as_json) {
  if (!std::filesystem::exists(config.storage.path)) return no_database(config);
  const Result<std::string> name = chosen_model(config, text);
  if (!name) return failed(name.error());
  return make_champion(config, *name, engine::RequestKind::promote, engine::promoted_by_hand, as_json);
}

int run_models_rollback(const config::Config& config, bool as_json) {
  if (!std::filesystem::exists(config.storage.path)) return no_database(config);
  const Result<std::string> name = previous_champion(config, store::ModelReader(config.storage.path));
  if (!name) return failed(name.error());
  return make_champion(config, *name, engine::RequestKind::rollback, engine::rolled_back, as_json);
}

int run_models_prune(const config::Config& config, const PruneOptions& options) {
  const std::string directory = config.model.directory.string();
  const Result<std::vector<std::string>> names = model::list_models(directory);
  if (!names) return failed(names.error());
  // Without the database nobody knows which of them serve.
  if (!std::filesystem::exists(config.storage.path))
    return failed({Remedy::refuse, fmt::format("there is no database {}", config.storage.path.string())});
  const store::ModelReader reader(config.storage.path);
  std::vector<std::string> kept = {reader.champion().value_or(""), reader.challenger().value_or("")};
  const std::vector<store::PromotionRecord> promotions = reader.promotions();
  for (std::size_t i = promotions.size() - std::min(promotions.size(), champions_kept); i < promotions.size(); ++i)
    kept.push_back(promotions[i].model);
  const std::vector<std::string> unwanted =
      model::models_to_prune(*names, kept, static_cast<std::size_t>(options.keep));
  for (const std::string& name : unwanted) {
    if (options.only_say) continue;
    if (const Result<void> removed = model::remove_model(directory, name); !removed) return failed(removed.error());
  }
  if (options.as_json) {
    fmt::print("{}\n", json_object([&](JsonWriter& json) {
                 json.key("pruned")
                     .values(unwanted)
                     .member("kept", names->size() - unwanted.size())
                     .member("only_said", options.only_say);
               }));
    return 0;
  }
  for (const std::string& name : unwanted) fmt::print("{} {}\n", options.only_say ? "would delete" : "deleted", name);
  if (!unwanted.empty()) fmt::print("candled verify cannot replay a run in which one of them served\n");
  fmt::print("{} of {} models {}; {} stay\n", unwanted.size(), names->size(),
             options.only_say ? "would go" : "are gone", names->size() - unwanted.size());
  return 0;
}

}  // namespace candled::cli
