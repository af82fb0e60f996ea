#include "config/config_record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "candled/domain/json_text.hpp"

namespace candled::config {
namespace {

// Lines of one table, each a key and its value. JSON's texts, numbers and arrays are TOML's.
using Lines = std::string;

Lines line(const ValueInEffect& value, std::string_view key) {
  return fmt::format("{} = {}\n", key, value.amount ? json_text(value.json) : value.json);
}

// What was read of one element of a list; empty if it does not stand in the file.
Lines element(const ConfigOrigin& origin, const std::string& element_path) {
  Lines lines;
  for (const ValueInEffect& value : origin.values()) {
    if (!value.decides || !value.path.starts_with(element_path + ".")) continue;
    lines += line(value, std::string_view(value.path).substr(element_path.size() + 1));
  }
  return lines;
}

}  // namespace

std::string config_record(const ConfigOrigin& origin, const Config& config,
                          const std::vector<std::string>& market_paths,
                          const std::vector<std::string>& strategy_paths) {
  std::vector<std::pair<std::string, Lines>> tables;
  for (const ValueInEffect& value : origin.values()) {
    if (value.path.find('[') != std::string::npos || !value.decides) continue;
    const std::size_t dot = value.path.rfind('.');
    const std::string name = value.path.substr(0, dot);
    auto table = std::ranges::find(tables, name, &std::pair<std::string, Lines>::first);
    if (table == tables.end()) table = tables.insert(table, {name, {}});
    table->second += line(value, std::string_view(value.path).substr(dot + 1));
  }
  std::string text;
  for (const auto& [name, lines] : tables) text += fmt::format("[{}]\n{}", name, lines);
  for (std::size_t i = 0; i < config.markets.size(); ++i) {
    const Lines read = element(origin, market_paths[i]);
    const MarketConfig& market = config.markets[i];
    text += "[[market]]\n";
    text += read.empty()
                ? fmt::format("exchange = {}\nsymbol = {}\n", json_text(market.exchange), json_text(market.symbol))
                : read;
  }
  for (std::size_t i = 0; i < config.strategies.size(); ++i) {
    const Lines read = element(origin, strategy_paths[i]);
    const trading::StrategySettings& strategy = config.strategies[i];
    text += "[[strategy]]\n";
    text +=
        read.empty() ? fmt::format("name = {}\nkind = {}\n", json_text(strategy.name), json_text(strategy.kind)) : read;
  }
  return text;
}

}  // namespace candled::config
