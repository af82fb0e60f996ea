// Config from a file and a command line: read by the rooms' descriptions, completed, checked.
#include "candled/config/config.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "candled/config/toml_document.hpp"
#include "candled/domain/json_text.hpp"
#include "candled/ingest/exchange_table.hpp"
#include "config/config_checks.hpp"
#include "config/config_json.hpp"
#include "config/config_record.hpp"
#include "config/nearest.hpp"
#include "config/section_reader.hpp"
#include "config/sections.hpp"

namespace candled::config {
namespace {

// What the file says, before the command line and the defaults for lists.
struct FileSettings {
  Config config;
  std::vector<std::string> market_paths, strategy_paths;  // of each element: "market[1]"
};

std::vector<std::string> paths_of(std::string_view list, std::size_t count) {
  std::vector<std::string> paths;
  for (std::size_t i = 0; i < count; ++i) paths.push_back(fmt::format("{}[{}]", list, i + 1));
  return paths;
}

FileSettings read_settings(const TomlTable& document, ConfigOrigin& origin) {
  FileSettings settings{defaults(), {}, {}};
  SectionReader root(origin, document);
  describe(root, settings.config);
  root.refuse_unknown();
  settings.market_paths = paths_of("market", settings.config.markets.size());
  settings.strategy_paths = paths_of("strategy", settings.config.strategies.size());
  return settings;
}

MarketConfig market_of_flag(const std::string& text) {
  const Result<MarketName> name = parse_market_name(text);
  if (!name) throw ConfigError(fmt::format("--market: {}", name.error().message));
  const std::vector<std::string_view> known = exchange_names();
  if (std::ranges::find(known, name->exchange) == known.end()) {
    const std::vector<std::string> words(known.begin(), known.end());
    throw ConfigError(
        fmt::format("--market {}: unknown exchange '{}'; {}", text, name->exchange, suggestion(name->exchange, words)));
  }
  MarketConfig market;
  market.exchange = name->exchange;
  market.symbol = name->symbol;
  return market;
}

void apply_market_flags(FileSettings& settings, const std::vector<std::string>& flags) {
  if (flags.empty()) return;
  std::vector<MarketConfig> markets;
  std::vector<std::string> paths;
  for (const std::string& flag : flags) {
    MarketConfig wanted = market_of_flag(flag);
    const auto same = [&](const MarketConfig& market) {
      return market.exchange == wanted.exchange && market.symbol == wanted.symbol;
    };
    if (std::ranges::any_of(markets, same)) throw ConfigError(fmt::format("--market {}: given twice", flag));
    const auto stands = std::ranges::find_if(settings.config.markets, same);
    const bool in_file = stands != settings.config.markets.end();
    paths.push_back(in_file ? settings.market_paths[static_cast<std::size_t>(stands - settings.config.markets.begin())]
                            : "market");
    markets.push_back(in_file ? *stands : std::move(wanted));
  }
  settings.config.markets = std::move(markets);
  settings.market_paths = std::move(paths);
}

void fill_empty_lists(FileSettings& settings) {
  if (settings.config.markets.empty()) {
    settings.config.markets.emplace_back();
    settings.market_paths.emplace_back("market");
  }
  if (settings.config.strategies.empty()) {
    settings.config.strategies = trading::default_strategies();
    settings.strategy_paths.assign(settings.config.strategies.size(), "strategy");
  }
}

MarketTable market_table(const Config& config) {
  MarketTable table;
  for (const MarketConfig& market : config.markets) {
    table.push_back({.id = MarketId{static_cast<std::uint16_t>(table.size())},
                     .exchange = market.exchange,
                     .symbol = market.symbol,
                     .interval = market.interval.value_or(config.candles.interval)});
  }
  return table;
}

// The default horizon suits minutes. Where it is not given and does not suit the candles, a prediction looks one candle ahead.
void settle_horizon(Config& config, ConfigOrigin& origin) {
  if (origin.is_given("training.horizon")) return;
  Duration longest;
  bool suits = true;
  for (const Market& market : config.table) {
    longest = std::max(longest, market.interval);
    suits = suits && config.training.horizon.ns % market.interval.ns == 0;
  }
  if (suits) return;
  config.training.horizon = longest;
  origin.settle("training.horizon", json_text(to_text(longest)));
}

void settle_database(Config& config, ConfigOrigin& origin, const std::filesystem::path& database) {
  config.storage.path = database;
  origin.settle("storage.path", json_text(database.string()));
}

Config settled(const TomlTable& document, ConfigOrigin origin, const ConfigOverrides& overrides) {
  FileSettings settings = read_settings(document, origin);
  Config& config = settings.config;
  if (overrides.database) settle_database(config, origin, *overrides.database);
  apply_market_flags(settings, overrides.markets);
  fill_empty_lists(settings);
  std::erase_if(config.exchanges, [&](const ingest::ExchangeSettings& exchange) {
    return std::ranges::find(config.markets, exchange.name, &MarketConfig::exchange) == config.markets.end();
  });
  config.table = market_table(config);
  settle_horizon(config, origin);
  check_config(config, origin, settings.market_paths, settings.strategy_paths);
  config.in_effect = config_json(origin, config, settings.market_paths, settings.strategy_paths);
  config.record = config_record(origin, config, settings.market_paths, settings.strategy_paths);
  for (const RenamedKey& key : origin.renamed()) config.warnings.push_back(origin.warning_of(key));
  return std::move(config);
}

}  // namespace

Config load_config(const std::optional<std::filesystem::path>& file, const ConfigOverrides& overrides) {
  return settled(file ? read_toml(*file) : TomlTable{}, ConfigOrigin(file ? file->string() : ""), overrides);
}

Config load_recorded(const std::string& record) {
  const std::string name = "recorded settings";
  return settled(parse_toml(record, name), ConfigOrigin(name), {});
}

void require_feeds(const Config& config) {
  for (const MarketConfig& market : config.markets) {
    if (std::ranges::find(config.exchanges, market.exchange, &ingest::ExchangeSettings::name) != config.exchanges.end())
      continue;
    throw ConfigError(fmt::format(
        "market {}:{}: there is no feed of {} yet, only of {}; files of its trades and candles can be imported",
        market.exchange, market.symbol, market.exchange, ingest::known_exchanges().feed_names()));
  }
}

}  // namespace candled::config
