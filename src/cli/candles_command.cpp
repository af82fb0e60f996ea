// --candles: the exchange's own candles, stored where no trades cover them.
#include <fmt/format.h>

#include "candled/cli/commands.hpp"
#include "candled/config/assembly.hpp"
#include "candled/flow/signals.hpp"
#include "candled/net/real_world.hpp"
#include "cli/import_candles.hpp"

namespace candled::cli {
namespace {

// Those of the period that was asked for.
std::vector<Candle> within(std::vector<Candle> candles, const BackfillOptions& options, Duration interval) {
  if (candles.empty()) return candles;
  const Timestamp from = options.back ? candles.back().open_time + interval - *options.back : options.from;
  std::erase_if(candles, [&](const Candle& candle) {
    return candle.open_time < from || (options.to && candle.open_time + interval > *options.to);
  });
  return candles;
}

Result<CandleImportReport> store_candles(const config::Config& config, const std::vector<Candle>& candles,
                                         store::JournalWriter& writer) {
  store::ImportWriter beside(config.storage.path, config.table);
  auto next = candles.begin();
  const NextCandle next_candle = [&](Candle& candle) -> Result<bool> {
    if (next == candles.end()) return false;
    candle = *next++;
    return true;
  };
  return import_candles(config, next_candle, writer, beside, [](std::int64_t) {});
}

}  // namespace

int run_fetch_candles(const config::Config& config, const BackfillOptions& options) {
  flow::Log log(config.log);
  store::JournalWriter writer(config::journal_settings(config));
  const MarketTable& markets = config.table;
  ingest::FeedStatistics statistics(markets);
  const std::unique_ptr<flow::World> world = net::make_real_world();
  ingest::HistoryFetcher fetcher(ingest::known_exchanges(), config::feed_settings(config), log, statistics, *world);
  bool good = true;
  for (const Market& market : markets) {
    const Result<std::vector<Candle>> fetched = fetcher.candles(market, flow::stop_requested);
    if (flow::stop_requested()) return 1;
    config::Config one = config;
    one.markets = {config.markets[index_of(market.id)]};
    one.table = {market};
    one.table.front().id = MarketId{};
    Result<CandleImportReport> stored = std::unexpected(Error{});
    const std::vector<Candle> wanted = fetched ? within(*fetched, options, market.interval) : std::vector<Candle>{};
    if (fetched) stored = store_candles(one, wanted, writer);
    if (!fetched || !stored) {
      log.error("candles could not be had",
                {{"market", market.name()}, {"why", fetched ? stored.error().message : fetched.error().message}});
      good = false;
      continue;
    }
    log.info("candles fetched", {{"market", market.name()},
                                 {"given", std::to_string(fetched->size())},
                                 {"added", std::to_string(stored->added)},
                                 {"gaps_filled", std::to_string(stored->gaps_filled)},
                                 {"stored_already", std::to_string(stored->stored_already)},
                                 {"from", wanted.empty() ? "" : to_iso8601(wanted.front().open_time)},
                                 {"to", wanted.empty() ? "" : to_iso8601(wanted.back().open_time + market.interval)}});
    good &= stored->complete;
  }
  return good ? 0 : 1;
}

}  // namespace candled::cli
