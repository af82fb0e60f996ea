#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "candled/config/assembly.hpp"
#include "candled/report/plan.hpp"

namespace candled::report {
namespace {

const trading::StrategySettings* find_named(const std::vector<trading::StrategySettings>& all,
                                            const std::string& name) {
  const auto found = std::ranges::find(all, name, &trading::StrategySettings::name);
  return found == all.end() ? nullptr : &*found;
}

[[noreturn]] void refuse_unknown(const std::vector<trading::StrategySettings>& configured, const std::string& name) {
  std::set<std::string> valid;
  for (const trading::StrategySettings& strategy : configured) valid.insert(strategy.name);
  for (const trading::StrategyKind& kind : trading::strategy_kinds()) valid.emplace(kind.name);
  throw config::ConfigError(
      fmt::format("--strategy: there is no strategy '{}' in the config and no such kind; valid here: {}",
                  name.substr(0, 100), fmt::join(valid, ", ")));
}

}  // namespace

std::vector<trading::StrategySettings> chosen_strategies(const config::Config& config,
                                                         const std::vector<std::string>& names) {
  const std::vector<trading::StrategySettings> configured = config::strategy_settings(config);
  if (names.empty()) return configured;
  std::vector<trading::StrategySettings> chosen;
  for (const std::string& name : names) {
    if (find_named(chosen, name) != nullptr) continue;
    if (const trading::StrategySettings* strategy = find_named(configured, name)) {
      chosen.push_back(*strategy);
    } else if (trading::find_strategy_kind(name) != nullptr) {
      chosen.push_back({.name = name, .kind = name});
    } else {
      refuse_unknown(configured, name);
    }
  }
  Result<std::vector<trading::StrategySettings>> all = trading::with_benchmarks(std::move(chosen));
  if (!all) throw config::ConfigError("--strategy: " + all.error().message);
  return std::move(*all);
}

}  // namespace candled::report
