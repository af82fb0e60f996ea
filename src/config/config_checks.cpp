#include "config/config_checks.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>
#include <span>

#include "candled/ingest/exchange_table.hpp"
#include "candled/net/address_text.hpp"

namespace candled::config {
namespace {

// A market whose interval is settled, and the keys that may have settled it, the stronger first.
struct CheckedMarket {
  std::string name;
  Duration interval;
  std::string interval_path;
};

std::vector<CheckedMarket> settled(const Config& config, const std::vector<std::string>& paths) {
  std::vector<CheckedMarket> markets;
  const MarketTable& table = config.table;
  for (std::size_t i = 0; i < table.size(); ++i) {
    const std::string path = config.markets[i].interval ? paths[i] + ".interval" : "candles.interval";
    markets.push_back({table[i].name(), table[i].interval, path});
  }
  return markets;
}

void check_unique_names(const Config& config, const ConfigOrigin& origin, const std::vector<CheckedMarket>& markets,
                        const std::vector<std::string>& market_paths, const std::vector<std::string>& strategy_paths) {
  for (std::size_t i = 0; i < markets.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (markets[i].name == markets[j].name) {
        origin.fail({market_paths[i] + ".symbol", market_paths[i]},
                    fmt::format("the market {} is named twice", markets[i].name));
      }
    }
  }
  for (std::size_t i = 0; i < config.strategies.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (config.strategies[i].name == config.strategies[j].name) {
        origin.fail({strategy_paths[i] + ".name"},
                    fmt::format("two strategies are named '{}'", config.strategies[i].name));
      }
    }
  }
}

// What the exchange offers; of one without a feed, what any offers.
std::set<std::size_t> book_depths(const ingest::ExchangeTable& exchanges, const std::string& name) {
  std::set<std::size_t> depths;
  const bool has_feed = exchanges.find_feed(name) != nullptr;
  for (const ingest::ExchangeEntry& entry : exchanges.entries) {
    const std::span<const std::size_t> offered = entry.descriptor->book_depths;
    if (!has_feed || entry.descriptor->name == name) depths.insert(offered.begin(), offered.end());
  }
  return depths;
}

void check_books(const Config& config, const ConfigOrigin& origin, const std::vector<std::string>& market_paths) {
  const ingest::ExchangeTable exchanges = ingest::known_exchanges();
  for (std::size_t i = 0; i < config.markets.size(); ++i) {
    const std::int64_t book = config.markets[i].book;
    const std::set<std::size_t> depths = book_depths(exchanges, config.markets[i].exchange);
    if (book == 0 || depths.contains(static_cast<std::size_t>(book))) continue;
    const std::string offer =
        depths.empty() ? fmt::format("{} gives no order book", config.markets[i].exchange)
                       : fmt::format("an order book has {} levels, or 0 for none", fmt::join(depths, " or "));
    origin.fail({market_paths[i] + ".book", market_paths[i]}, fmt::format("{}, not {}", offer, book));
  }
}

void check_interval(const Config& config, const ConfigOrigin& origin, const CheckedMarket& market) {
  const std::string interval = to_text(market.interval);
  const Duration day = Duration::days(1);
  if (market.interval * (day / market.interval) != day) {
    origin.fail({market.interval_path},
                fmt::format("{} does not divide a day, so candles of {} would not line up", interval, market.name));
  }
  if (config.candles.grace >= market.interval) {
    origin.fail(
        {"candles.grace", market.interval_path},
        fmt::format("{} is not less than the interval {} of {}", to_text(config.candles.grace), interval, market.name));
  }
}

void check_training(const Config& config, const ConfigOrigin& origin, const CheckedMarket& market) {
  const engine::LearningSettings& training = config.training;
  const Duration interval = market.interval;
  if (training.horizon < interval || interval * (training.horizon / interval) != training.horizon) {
    origin.fail({"training.horizon", market.interval_path},
                fmt::format("the horizon {} of [training] is not a multiple of the interval {} of {}",
                            to_text(training.horizon), to_text(interval), market.name));
  }
  if (training.window <= training.horizon) {
    origin.fail({"training.window", "training.horizon"},
                fmt::format("{} is not more than the horizon {}", to_text(training.window), to_text(training.horizon)));
  }
  if (training.enabled && training.window / interval < training.minimum_candles) {
    origin.fail({"training.minimum_candles", "training.window", market.interval_path},
                fmt::format("{} candles of {} never fit into the window {} of {}, so nothing would be trained",
                            training.minimum_candles, to_text(interval), to_text(training.window), market.name));
  }
}

void check_strategies(const Config& config, const ConfigOrigin& origin, const CheckedMarket& market,
                      const std::vector<std::string>& strategy_paths) {
  for (std::size_t i = 0; i < config.strategies.size(); ++i) {
    const Duration every = config.strategies[i].decide_every;
    if (every == Duration{} || (every >= market.interval && market.interval * (every / market.interval) == every))
      continue;
    origin.fail({strategy_paths[i] + ".decide_every", market.interval_path},
                fmt::format("{} is not a multiple of the interval {} of {}", to_text(every), to_text(market.interval),
                            market.name));
  }
}

// What does not belong to a market.
void check_strategy_rules(const Config& config, const ConfigOrigin& origin,
                          const std::vector<std::string>& strategy_paths) {
  for (std::size_t i = 0; i < config.strategies.size(); ++i) {
    const std::string& path = strategy_paths[i];
    std::vector<trading::StrategySettings> one{config.strategies[i]};
    one[0].decide_every = {};  // checked against each market's interval
    if (const Result<void> rules = trading::check_strategies(one, Duration::minutes(1)); !rules) {
      origin.fail({path + ".leave", path + ".enter", path + ".size", path + ".size_max", path + ".name"},
                  rules.error().message);
    }
    one[0].decide_every = config.strategies[i].decide_every;
    if (const auto benchmarks = trading::with_benchmarks(one); !benchmarks) {
      origin.fail({path + ".name"}, benchmarks.error().message);
    }
  }
}

}  // namespace

void check_config(const Config& config, const ConfigOrigin& origin, const std::vector<std::string>& market_paths,
                  const std::vector<std::string>& strategy_paths) {
  const std::vector<CheckedMarket> markets = settled(config, market_paths);
  check_unique_names(config, origin, markets, market_paths, strategy_paths);
  check_books(config, origin, market_paths);
  for (const CheckedMarket& market : markets) {
    check_interval(config, origin, market);
    check_training(config, origin, market);
    check_strategies(config, origin, market, strategy_paths);
  }
  check_strategy_rules(config, origin, strategy_paths);
  if (config.model.leaves_max == 1) {
    origin.fail({"model.leaves_max"},
                "a tree of 1 leaf says nothing: 2 and more, or 0 for trees that grow level by level");
  }
  if (config.paper.stale_after <= config.candles.grace) {
    origin.fail({"paper.stale_after", "candles.grace"},
                fmt::format("{} is not more than the grace {}, so no candle would ever be traded on",
                            to_text(config.paper.stale_after), to_text(config.candles.grace)));
  }
  if (config.server.enabled && config.server.token.empty() && !net::listens_locally(config.server.listen)) {
    origin.fail({"server.listen"},
                fmt::format("'{}' can be reached from other machines, which needs a 'token'", config.server.listen));
  }
  constexpr std::size_t token_length_min = 32;
  if (config.server.enabled && config.server.token.size() < token_length_min &&
      !net::listens_locally(config.server.listen)) {
    origin.fail({"server.token"},
                fmt::format("is shorter than {} characters, and '{}' can be reached from other machines",
                            token_length_min, config.server.listen));
  }
}

}  // namespace candled::config
