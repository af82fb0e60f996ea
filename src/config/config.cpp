// Every key of the configuration, once: its name, its type, its bounds and where its value goes.
#include "candled/config/config.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "config/config_checks.hpp"
#include "config/config_json.hpp"
#include "candled/config/config_learning.hpp"
#include "config/config_keys.hpp"
#include "config/config_record.hpp"
#include "candled/config/config_section.hpp"
#include "config/config_texts.hpp"
#include "candled/config/config_trading.hpp"
#include "config/nearest.hpp"
#include "candled/config/toml_document.hpp"
#include "candled/features/catalogue.hpp"
#include "candled/ingest/exchange_table.hpp"

namespace candled::config {
namespace {

const ingest::ExchangeTable exchanges = ingest::known_exchanges();
const std::vector<std::string> thread_layouts = {"stages", "market", "inline"};
const std::vector<std::string> log_levels = {"debug", "info", "warning", "error"};
const std::vector<std::string> log_formats = {"text", "json"};

constexpr Duration interval_min = Duration::seconds(1);
constexpr Duration interval_max = Duration::days(1);
constexpr std::size_t markets_max = 64;
constexpr std::size_t strategies_max = 64;

// Whose markets may be stored; those without a feed come from files.
std::vector<std::string> exchange_names() {
  std::vector<std::string> names;
  for (const ingest::ExchangeEntry& entry : exchanges.entries) names.emplace_back(entry.descriptor->name);
  return names;
}

// Of the deepest order book that any of them offers.
std::int64_t book_levels_max() {
  std::size_t most = 0;
  for (const ingest::ExchangeEntry& entry : exchanges.entries) {
    for (const std::size_t depth : entry.descriptor->book_depths) most = std::max(most, depth);
  }
  return static_cast<std::int64_t>(most);
}

void read_exchange(ConfigSection& section, ingest::ExchangeSettings& exchange) {
  section.text("websocket_url", exchange.websocket_url, check_websocket_url);
  section.text("rest_url", exchange.rest_url, check_rest_url);
  section.text("ca_file", exchange.ca_file, check_readable_file);
  section.number("clock_rate", exchange.clock_rate, 0.001, 100'000);
  section.duration("rest_interval", exchange.rest_interval, Duration::milliseconds(1), Duration::minutes(10));
  section.duration("watchdog", exchange.watchdog, Duration::milliseconds(100), Duration::minutes(10));
  section.duration("subscribe_timeout", exchange.subscribe_timeout, Duration::milliseconds(100), Duration::minutes(10));
  section.duration("hold_back", exchange.hold_back, Duration::milliseconds(100), Duration::minutes(60));
}

void read_market(ConfigSection& section, MarketConfig& market) {
  section.one_of("exchange", market.exchange, exchange_names());
  section.require("symbol");
  section.text("symbol", market.symbol, check_symbol);
  section.duration("interval", market.interval, interval_min, interval_max);
  section.whole("book", market.book, 0, book_levels_max());
  read_order_rules(section, market);
}

std::optional<std::string> check_newest_feature(std::span<const std::string> names) {
  const Result<void> checked = features::check_last_feature(names);
  return checked ? std::nullopt : std::optional(checked.error().message);
}

// What the file says, before the command line and the defaults for lists.
struct FileSettings {
  Config config;
  std::vector<std::string> market_paths, strategy_paths;
};

// Appends what the reader makes of each [[key]], and its path.
template <class Item>
void read_list(ConfigSection& root, std::string_view key, std::size_t count_max, void (*read)(ConfigSection&, Item&),
               std::vector<Item>& items, std::vector<std::string>& paths) {
  root.tables(key, [&](ConfigSection& section) {
    read(section, items.emplace_back());
    paths.push_back(section.path_of(""));
  });
  if (items.size() > count_max)
    throw ConfigError(fmt::format("{} [[{}]] entries are more than {}", items.size(), key, count_max));
}

FileSettings read_settings(const TomlTable& document, ConfigOrigin& origin) {
  FileSettings settings;
  Config& config = settings.config;
  for (const ingest::ExchangeEntry& entry : exchanges.entries) {
    if (entry.make != nullptr) config.exchanges.push_back(ingest::default_settings(*entry.descriptor));
  }

  ConfigSection root(origin, document);
  root.table("storage", [&](ConfigSection& section) {
    section.path("path", config.storage.path);
    section.duration_or_off("keep_trades", config.storage.keep_trades, Duration::hours(1), Duration::days(36'500));
    section.duration_or_off("keep_features", config.storage.keep_features, Duration::hours(1), Duration::days(36'500));
  });
  read_list(root, "market", markets_max, read_market, config.markets, settings.market_paths);
  root.table("exchange", [&](ConfigSection& section) {
    for (ingest::ExchangeSettings& exchange : config.exchanges) {
      section.table(exchange.name, [&](ConfigSection& one) {
        read_exchange(one, exchange);
        read_fees(one, config.fees[exchange.name]);
      });
    }
    for (const ingest::ExchangeEntry& entry : exchanges.entries) {
      const std::string name(entry.descriptor->name);
      if (entry.make == nullptr) section.table(name, [&](ConfigSection& one) { read_fees(one, config.fees[name]); });
    }
  });
  root.table("history", [&](ConfigSection& section) {
    section.duration_or_off("on_start", config.history.on_start, Duration::minutes(1), Duration::days(3650));
    section.duration("catch_up_max", config.history.catch_up_max, Duration::minutes(1), Duration::days(3650));
  });
  root.table("candles", [&](ConfigSection& section) {
    section.duration("interval", config.candles.interval, interval_min, interval_max);
    section.duration("grace", config.candles.grace, Duration::milliseconds(1), Duration::minutes(10));
  });
  root.table("features", [&](ConfigSection& section) { section.texts("list", config.features.list, check_newest_feature); });
  root.table("training", [&](ConfigSection& section) { read_training(section, config.training); });
  root.table("model", [&](ConfigSection& section) { read_model(section, config.model); });
  read_list(root, "strategy", strategies_max, read_strategy, config.strategies, settings.strategy_paths);
  root.table("paper", [&](ConfigSection& section) { read_paper(section, config.paper); });
  root.table("server", [&](ConfigSection& section) {
    section.flag("enabled", config.server.enabled);
    section.text("listen", config.server.listen, check_listen);
    section.text("token", config.server.token, check_token);
    section.whole("connections_max", config.server.connections_max, 4, 10'000);
    section.number("requests_per_second", config.server.requests_per_second, 0, 1'000'000);
  });
  root.table("log", [&](ConfigSection& section) {
    section.one_of("level", config.log.level, log_levels);
    section.one_of("format", config.log.format, log_formats);
    section.text("file", config.log.file);
  });
  root.table("threads", [&](ConfigSection& section) {
    section.one_of("layout", config.threads.layout, thread_layouts);
    section.whole("queue_capacity", config.threads.queue_capacity, 4, 1 << 20);
  });
  root.refuse_unknown();
  return settings;
}

MarketConfig market_of_flag(const std::string& text) {
  const Result<MarketName> name = parse_market_name(text);
  if (!name) throw ConfigError(fmt::format("--market: {}", name.error().message));
  if (exchanges.find(name->exchange) == nullptr) {
    throw ConfigError(fmt::format("--market {}: unknown exchange '{}'; {}", text, name->exchange,
                                  suggestion(name->exchange, exchange_names())));
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
    settings.config.strategies = default_strategies();
    settings.strategy_paths.assign(settings.config.strategies.size(), "strategy");
  }
}

// The default horizon suits minutes. Where it is not given and does not suit the candles, a prediction looks one candle ahead.
void settle_horizon(Config& config, ConfigOrigin& origin) {
  if (origin.is_given("training.horizon")) return;
  Duration longest;
  bool suits = true;
  for (const Market& market : market_table(config)) {
    longest = std::max(longest, market.interval);
    suits = suits && config.training.horizon.ns % market.interval.ns == 0;
  }
  if (suits) return;
  config.training.horizon = longest;
  origin.settle("training.horizon", fmt::format("\"{}\"", to_text(longest)));
}

Config settled(const TomlTable& document, ConfigOrigin origin, const ConfigOverrides& overrides) {
  FileSettings settings = read_settings(document, origin);
  Config& config = settings.config;
  if (overrides.database) config.storage.path = *overrides.database;
  apply_market_flags(settings, overrides.markets);
  fill_empty_lists(settings);
  std::erase_if(config.exchanges, [&](const ingest::ExchangeSettings& exchange) {
    return std::ranges::find(config.markets, exchange.name, &MarketConfig::exchange) == config.markets.end();
  });
  settle_horizon(config, origin);
  check_config(config, origin, settings.market_paths, settings.strategy_paths);
  config.in_effect = config_json(origin.values(), config, settings.market_paths, settings.strategy_paths);
  config.record = config_record(origin, config, settings.market_paths, settings.strategy_paths);
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
    if (std::ranges::find(config.exchanges, market.exchange, &ingest::ExchangeSettings::name) != config.exchanges.end()) continue;
    throw ConfigError(fmt::format("market {}:{}: there is no feed of {} yet, only of {}; files of its trades and candles can be imported",
                                  market.exchange, market.symbol, market.exchange, exchanges.feed_names()));
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

std::set<std::string> config_keys() {
  std::vector<TomlValue> strategies;  // one of each kind, since each has keys of its own
  for (const std::string& kind : strategy_kind_names()) {
    strategies.push_back({TomlTable{{"name", 1, {kind, 1}}, {"kind", 1, {kind, 1}}}, 1});
  }
  const TomlTable document = {
      {"market", 1, {std::vector<TomlValue>{{TomlTable{{"symbol", 1, {std::string("BTC/USD"), 1}}}, 1}}, 1}},
      {"strategy", 1, {strategies, 1}},
  };
  ConfigOrigin origin("");
  read_settings(document, origin);
  return origin.declared();
}

}  // namespace candled::config
