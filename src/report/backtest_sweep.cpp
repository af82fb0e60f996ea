#include "candled/report/backtest_sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <optional>

#include "candled/config/config.hpp"

namespace candled::report {
namespace {

constexpr const char* form = "strategy.NAME.PARAMETER=LOW..HIGH:STEP or =A,B,C";

struct Axis {
  std::string parameter;
  std::vector<double> values;
};

[[noreturn]] void refuse_sweep(const std::string& text, const std::string& why) {
  throw config::ConfigError(fmt::format("--sweep {}: {}", text.substr(0, 100), why));
}

double number_of(const std::string& sweep, const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || end != text.c_str() + text.size() || !std::isfinite(value))
    refuse_sweep(sweep, fmt::format("'{}' is no number; {}", text.substr(0, 40), form));
  return value;
}

// Steps are counted, so that 0.52..0.60:0.01 ends at 0.60 and not before; each value is the nearest of its decimals.
std::vector<double> range_of(const std::string& sweep, const std::string& text) {
  const std::size_t dots = text.find(".."), colon = text.find(':', dots);
  if (colon == std::string::npos) refuse_sweep(sweep, fmt::format("a range needs a step: {}", form));
  const double low = number_of(sweep, text.substr(0, dots)),
               high = number_of(sweep, text.substr(dots + 2, colon - dots - 2));
  const double step = number_of(sweep, text.substr(colon + 1));
  if (!(step > 0) || high < low) refuse_sweep(sweep, "the range must rise, in steps above 0");
  if ((high - low) / step >= static_cast<double>(sweep_variants_max))
    refuse_sweep(sweep, fmt::format("more than {} values", sweep_variants_max));
  std::vector<double> values;
  const auto count = static_cast<std::size_t>(std::floor((high - low) / step + 1e-9)) + 1;
  for (std::size_t i = 0; i < count; ++i)
    values.push_back(std::round((low + step * static_cast<double>(i)) * 1e12) / 1e12);
  return values;
}

std::vector<double> values_of(const std::string& sweep, const std::string& text) {
  if (text.find("..") != std::string::npos) return range_of(sweep, text);
  std::vector<double> values;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const double value = number_of(sweep, text.substr(begin, end - begin));
    if (std::ranges::find(values, value) != values.end())
      refuse_sweep(sweep, fmt::format("{} stands there twice", value));
    values.push_back(value);
    begin = end + 1;
  }
  return values;
}

const trading::StrategySettings strategy_named(const std::string& sweep, const std::string& name,
                                               const std::vector<trading::StrategySettings>& strategies) {
  const auto found = std::ranges::find(strategies, name, &trading::StrategySettings::name);
  if (found != strategies.end()) return *found;
  if (trading::find_strategy_kind(name) != nullptr) return {.name = name, .kind = name};
  std::vector<std::string> names;
  for (const trading::StrategySettings& strategy : strategies) names.push_back(strategy.name);
  refuse_sweep(sweep,
               fmt::format("there is no strategy '{}'; valid here: {}", name.substr(0, 40), fmt::join(names, ", ")));
}

void check_parameter(const std::string& sweep, const trading::StrategySettings& strategy, const Axis& axis) {
  std::vector<std::string> names;
  for (const trading::ParameterInfo& info : trading::parameters_of(*trading::find_strategy_kind(strategy.kind))) {
    names.emplace_back(info.name);
    if (info.name != axis.parameter) continue;
    for (const double value : axis.values) {
      if (value < info.lowest || value > info.highest) {
        refuse_sweep(sweep, fmt::format("{} {:g} is out of range; it must be {:g} to {:g}", axis.parameter, value,
                                        info.lowest, info.highest));
      }
    }
    return;
  }
  refuse_sweep(sweep, fmt::format("{} has no '{}'; valid here: {}", strategy.kind, axis.parameter.substr(0, 40),
                                  fmt::join(names, ", ")));
}

// All combinations of the axes, the last one fastest.
void add_variants(const trading::StrategySettings& base, const std::vector<Axis>& axes, Duration interval,
                  SweepGrid& grid) {
  std::size_t count = 1;
  for (const Axis& axis : axes) {
    count *= axis.values.size();
    if (count > sweep_variants_max)
      throw config::ConfigError(fmt::format("--sweep: more than {} variants of {}", sweep_variants_max, base.name));
  }
  for (std::size_t n = 0; n < count; ++n) {
    trading::StrategySettings variant = base;
    std::size_t rest = n, block = count;
    for (const Axis& axis : axes) {
      block /= axis.values.size();
      const double value = axis.values[rest / block];
      rest %= block;
      variant.parameters.insert_or_assign(axis.parameter, value);
      variant.name += fmt::format(" {}={}", axis.parameter, value);
    }
    if (trading::check_strategies(std::span(&variant, 1), interval)) {
      grid.variants.push_back(std::move(variant));
    } else {
      ++grid.left_out;
    }
  }
}

}  // namespace

SweepGrid sweep_grid(const std::vector<std::string>& sweeps, const std::vector<trading::StrategySettings>& strategies,
                     Duration interval) {
  std::vector<std::pair<trading::StrategySettings, std::vector<Axis>>> swept;
  for (const std::string& sweep : sweeps) {
    const std::size_t equals = sweep.find('='), dot = sweep.rfind('.', equals);
    constexpr std::string_view prefix = "strategy.";
    if (equals == std::string::npos || !sweep.starts_with(prefix) || dot == std::string::npos || dot <= prefix.size())
      refuse_sweep(sweep, std::string("wanted is ") + form);
    const std::string name = sweep.substr(prefix.size(), dot - prefix.size());
    const Axis axis{sweep.substr(dot + 1, equals - dot - 1), values_of(sweep, sweep.substr(equals + 1))};
    const trading::StrategySettings strategy = strategy_named(sweep, name, strategies);
    check_parameter(sweep, strategy, axis);
    auto found = std::ranges::find(swept, name, [](const auto& pair) { return pair.first.name; });
    if (found == swept.end()) found = swept.insert(swept.end(), {strategy, {}});
    if (std::ranges::find(found->second, axis.parameter, &Axis::parameter) != found->second.end())
      refuse_sweep(sweep, "this parameter is swept twice");
    found->second.push_back(axis);
  }
  SweepGrid grid;
  for (const auto& [strategy, axes] : swept) add_variants(strategy, axes, interval, grid);
  if (grid.variants.empty()) throw config::ConfigError("--sweep: every combination contradicts itself");
  if (grid.variants.size() > sweep_variants_max)
    throw config::ConfigError(fmt::format("--sweep: more than {} variants", sweep_variants_max));
  return grid;
}

}  // namespace candled::report
