#include "config/sections.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "candled/domain/section.hpp"
#include "candled/flow/log_settings.hpp"
#include "candled/ingest/exchange_table.hpp"
#include "config/section_writer.hpp"

namespace candled::config {
namespace {

constexpr std::size_t markets_max = 64;
constexpr std::size_t strategies_max = 64;

constexpr std::string_view shipped_head =
    R"(# The configuration of candled. Every key stands here with its default, so an empty file, no file and this file mean the same.
#
#   candled --config etc/candled.toml          run the daemon with it
#   candled check --config etc/candled.toml    say what is wrong with it, and start nothing
#
# A key that is not listed here, a value of the wrong type or out of range, and settings that contradict each other are errors
# that name the file, the line and the key. --db and --market on the command line win over this file.
#
# Durations are text, a whole number and a unit: "250ms", "90s", "5m", "12h", "30d", "2w".
# Relative paths count from the working directory of the process (under systemd that is /var/lib/candled), not from this file.
)";

std::optional<std::string> check_symbol(std::string_view text) {
  if (parse_market_name(fmt::format("exchange:{}", text))) return std::nullopt;
  return fmt::format("'{}' is not a symbol of the form BASE/QUOTE, such as BTC/USD", text);
}

void describe_market(Section& section, MarketConfig& market) {
  section.one_of({.name = "exchange",
                  .help = "The exchange: \"kraken\"; or \"coinbase\" or \"binance\", which have no feed yet, for what "
                          "is imported from "
                          "files. (default \"kraken\")"},
                 market.exchange, exchange_names());
  section.text(
      {.name = "symbol",
       .help = "BASE/QUOTE, always in this form, whatever the exchange calls it. Must be given. An unknown symbol is "
               "refused by the exchange, logged, and not tried again. Without any [[market]] there is one: kraken "
               "BTC/USD.",
       .required = true},
      market.symbol, check_symbol);
  candles::describe_interval(section, market.interval);
  ingest::describe_book(section, market.book);
  describe(section, market.rules);
}

void describe_exchanges(Section& section, Config& config) {
  for (ingest::ExchangeSettings& exchange : config.exchanges) {
    section.table({.name = exchange.name}, [&](Section& one) {
      describe(one, exchange);
      describe(one, config.fees[exchange.name]);
    });
  }
  std::string_view help =
      "These have no feed yet, but what is imported of them can be backtested at their fees. Of a new account Coinbase "
      "takes 60 as maker "
      "and 120 as taker, Binance 10 and 10.";
  for (const std::string_view name : exchange_names()) {
    if (std::ranges::find(config.exchanges, name, &ingest::ExchangeSettings::name) != config.exchanges.end()) continue;
    section.table({.name = name, .help = help}, [&](Section& one) { describe(one, config.fees[std::string(name)]); });
    help = {};
  }
}

}  // namespace

std::vector<std::string_view> exchange_names() {
  std::vector<std::string_view> names;
  for (const ingest::ExchangeEntry& entry : ingest::known_exchanges().entries) names.push_back(entry.descriptor->name);
  return names;
}

Config defaults() {
  Config config;
  for (const ingest::ExchangeEntry& entry : ingest::known_exchanges().entries) {
    if (entry.make != nullptr) config.exchanges.push_back(ingest::default_settings(*entry.descriptor));
  }
  return config;
}

void describe(Section& root, Config& config) {
  root.table({.name = "storage"}, [&](Section& section) { describe(section, config.storage); });
  root.list(
      {.name = "market",
       .help = "One [[market]] for each market. Several markets of one exchange share one connection. At most 64."},
      config.markets, markets_max, describe_market);
  root.table({.name = "exchange", .help = "How to reach an exchange. Public data only, no account and no key."},
             [&](Section& section) { describe_exchanges(section, config); });
  root.table({.name = "history"}, [&](Section& section) { describe(section, config.history); });
  root.table({.name = "candles"}, [&](Section& section) { describe(section, config.candles); });
  root.table({.name = "features"}, [&](Section& section) { describe(section, config.features); });
  root.table({.name = "training"}, [&](Section& section) { describe(section, config.training); });
  root.table({.name = "model"}, [&](Section& section) { describe(section, config.model); });
  root.list({.name = "strategy",
             .help = "One [[strategy]] for each paper account; every strategy trades every market with an account of "
                     "its own. Without any "
                     "there are these three. At most 64. Beside them two benchmarks always run, under their own names: "
                     "\"buy_and_hold\" "
                     "and \"flat\" (which never trades). docs/trading.md has the rules, the exact moment of each "
                     "check, and what a fill "
                     "costs."},
            config.strategies, strategies_max, trading::describe);
  root.table({.name = "paper", .help = "Paper trading: no real order is ever placed."},
             [&](Section& section) { describe(section, config.paper); });
  root.table({.name = "server"}, [&](Section& section) { describe(section, config.server); });
  root.table({.name = "log"}, [&](Section& section) { describe(section, config.log); });
  root.table({.name = "threads"}, [&](Section& section) { describe(section, config.threads); });
}

std::string shipped_config() {
  Config config = defaults();
  config.markets.emplace_back();
  config.strategies = trading::default_strategies();
  SectionWriter writer;
  describe(writer, config);
  return std::string(shipped_head) + writer.written();
}

}  // namespace candled::config
