#include "config/config_record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "candled/domain/json_text.hpp"

namespace candled::config {
namespace {

constexpr std::array deciding_sections = {"candles", "features", "training", "model", "paper"};

// A key outside of lists, by its path.
bool decides(std::string_view path) {
  if (path == "model.directory") return false;
  if (path.starts_with("exchange.")) return path.ends_with("_bps");  // the fees
  return std::ranges::any_of(deciding_sections, [&](std::string_view section) { return path.starts_with(std::string(section) + "."); });
}

// Lines of one table, each a key and its value. JSON's texts, numbers and arrays are TOML's.
using Lines = std::string;

Lines line(const ConfigOrigin& origin, const std::string& path, std::string_view key, const std::string& json) {
  return fmt::format("{} = {}\n", key, origin.is_amount(path) ? json_text(json) : json);
}

// What was read of one element of a list; empty if it does not stand in the file.
Lines element(const ConfigOrigin& origin, const std::string& element_path) {
  Lines lines;
  for (const auto& [path, json] : origin.values()) {
    if (!path.starts_with(element_path + ".")) continue;
    const std::string_view key = std::string_view(path).substr(element_path.size() + 1);
    if (key != "book") lines += line(origin, path, key, json);  // how deep a book is followed is ingest's matter
  }
  return lines;
}

}  // namespace

std::string config_record(const ConfigOrigin& origin, const Config& config, const std::vector<std::string>& market_paths,
                          const std::vector<std::string>& strategy_paths) {
  std::vector<std::pair<std::string, Lines>> tables;
  for (const auto& [path, json] : origin.values()) {
    if (path.find('[') != std::string::npos || !decides(path)) continue;
    const std::size_t dot = path.rfind('.');
    const std::string name = path.substr(0, dot);
    auto table = std::ranges::find(tables, name, &std::pair<std::string, Lines>::first);
    if (table == tables.end()) table = tables.insert(table, {name, {}});
    table->second += line(origin, path, std::string_view(path).substr(dot + 1), json);
  }
  std::string text;
  for (const auto& [name, lines] : tables) text += fmt::format("[{}]\n{}", name, lines);
  for (std::size_t i = 0; i < config.markets.size(); ++i) {
    const Lines read = element(origin, market_paths[i]);
    const MarketConfig& market = config.markets[i];
    text += "[[market]]\n";
    text += read.empty() ? fmt::format("exchange = {}\nsymbol = {}\n", json_text(market.exchange), json_text(market.symbol)) : read;
  }
  for (std::size_t i = 0; i < config.strategies.size(); ++i) {
    const Lines read = element(origin, strategy_paths[i]);
    const StrategyConfig& strategy = config.strategies[i];
    text += "[[strategy]]\n";
    text += read.empty() ? fmt::format("name = {}\nkind = {}\n", json_text(strategy.name), json_text(strategy.kind)) : read;
  }
  return text;
}

}  // namespace candled::config
