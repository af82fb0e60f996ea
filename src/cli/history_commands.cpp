// --backfill, --from, --to and --gap-fill: the conveyor fed by REST instead of the stream, then a revision of what the late trades changed.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <functional>

#include "candled/cli/commands.hpp"
#include "candled/config/assembly.hpp"
#include "candled/engine/revision.hpp"
#include "candled/flow/parker.hpp"
#include "candled/flow/progress_line.hpp"
#include "candled/flow/signals.hpp"
#include "candled/net/real_world.hpp"
#include "candled/store/retention.hpp"

namespace candled::cli {
namespace {

using MakeRequest = std::function<ingest::HistoryRequest(const store::Reader& reader, const Market& market)>;

// One market after the other through one conveyor. `reports` gets one report a market that was reached.
Result<void> fetch_all(const config::Config& config, const MarketTable& markets, const store::Reader& reader,
                       const MakeRequest& make_request, const std::function<bool()>& stopped, flow::Sender& out,
                       flow::Log& log, std::vector<ingest::HistoryReport>& reports) {
  ingest::FeedStatistics statistics(markets);
  const std::unique_ptr<flow::World> world = net::make_real_world();
  ingest::HistoryFetcher fetcher(ingest::known_exchanges(), config::feed_settings(config), log, statistics, *world);
  for (const Market& market : markets) {
    flow::ProgressLine line(market.name(), log);
    const Result<ingest::HistoryReport> report = fetcher.fetch(
        market, make_request(reader, market), out,
        [&](const ingest::HistoryProgress& progress) {
          line.show("history", {"trades", progress.trades, progress.part_done, progress.trades_per_second,
                                progress.left, progress.reached});
        },
        stopped);
    line.finish();
    if (!report) return std::unexpected(report.error());
    reports.push_back(*report);
    log.info(report->complete ? "history fetched" : "history stopped",
             {{"market", market.name()},
              {"trades", std::to_string(report->trades)},
              {"pages", std::to_string(report->pages)},
              {"reached", to_iso8601(report->reached)},
              {"holes", std::to_string(report->sequence_gaps)},
              {"holes_filled", std::to_string(report->sequence_gaps_filled)}});
    if (!report->complete) break;
  }
  return {};
}

// That the exchange has nothing between the start and the first trade: the first candle is whole, then.
void note_starts(const config::Config& config, const MarketTable& markets,
                 const std::vector<ingest::HistoryReport>& reports, flow::Log& log) {
  store::Retention retention(config.storage.path, markets);
  for (std::size_t i = 0; i < reports.size(); ++i) {
    if (!reports[i].from_is_proven) continue;
    if (Result<void> noted = retention.note_complete_from(markets[i].id, reports[i].from); !noted) {
      log.warning("the start of the history could not be noted",
                  {{"market", markets[i].name()}, {"why", noted.error().message}});
    }
  }
}

// Trades that came in behind closed candles, now or in a run that was interrupted: make those candles, and the features over
// them, again. Candles that are right already keep their revision.
Result<void> revise(const MarketTable& markets, Duration keep, const store::Reader& reader,
                    store::JournalWriter& writer, const std::vector<ingest::HistoryReport>& reports, flow::Log& log) {
  for (std::size_t i = 0; i < reports.size(); ++i) {
    const Market& market = markets[i];
    const Result<std::int64_t> revised =
        engine::revise_candles(reader, writer, market, reports[i].from, Timestamp{INT64_MAX});
    const Result<void> rebuilt =
        revised ? engine::rebuild_features(reader, writer, market, keep) : std::unexpected(revised.error());
    if (!rebuilt) return std::unexpected(rebuilt.error());
    log.info("candles revised", {{"market", market.name()}, {"candles", std::to_string(*revised)}});
  }
  return {};
}

std::optional<ingest::MadeTrade> last_made(const store::StoredCursor& cursor) {
  if (cursor.last_trade_id || !cursor.last_made) return std::nullopt;
  return ingest::MadeTrade{cursor.last_made->id, cursor.last_made->time};
}

int run_history(const config::Config& config, const MakeRequest& make_request) {
  config::require_feeds(config);
  flow::Log log(config.log);
  const MarketTable& markets = config.table;
  flow::Parker parker;
  engine::EngineStatistics statistics;
  engine::TrainerStatistics trainer_statistics;
  store::JournalWriter writer(config::journal_settings(config));
  const store::Reader reader(config.storage.path, markets);
  engine::Conveyor conveyor(config::engine_settings(config), writer, reader, log, statistics);
  const engine::Trainer trainer(config::trainer_settings(config), conveyor.control(), log, trainer_statistics);
  flow::ProgressLine replaying("replaying the record", log);
  const engine::ReplayWatch watch{[&](const auto& at) { replaying.show(at.unit(), at.count(), at.part_done); },
                                  flow::stop_requested};
  const auto recovered = conveyor.recover(trainer.load_model(), config::past_runs(config), watch);
  replaying.finish();
  if (!recovered) throw std::runtime_error(recovered.error().message);
  if (recovered->stopped) throw std::runtime_error("stopped before the record was replayed; nothing was changed");

  std::vector<ingest::HistoryReport> reports;
  Result<void> fetched;
  const bool had_trades = std::ranges::any_of(
      markets, [&](const Market& market) { return reader.first_trade_time(market.id).has_value(); });
  conveyor
      .may_give_up();  // what is not written is fetched again: nothing is lost by telling at once that the disk is full
  conveyor.start();
  const store::Reader own_reader(config.storage.path, markets);  // the other one belongs to the journal's thread
  {
    flow::Sender out = std::move(conveyor.feed());
    out.attach(parker);
    fetched = fetch_all(
        config, markets, own_reader, make_request, [&] { return flow::stop_requested() || conveyor.gave_up(); }, out,
        log, reports);
  }
  conveyor.join();
  if (conveyor.gave_up()) fetched = retry(conveyor.given_up_for());
  const bool whole = fetched && reports.size() == markets.size() && reports.back().complete;
  if (!conveyor.gave_up()) {
    note_starts(config, markets, reports, log);
    if (statistics.late_trades.value() > 0 || had_trades) {
      const Result<void> revised =
          revise(markets, config::engine_settings(config).keep.features, reader, writer, reports, log);
      if (fetched) fetched = revised;
    }
  }
  if (!fetched)
    log.error("history failed",
              {{"why", fetched.error().message}, {"next", "a second run goes on where this one stopped"}});
  return whole && fetched ? 0 : 1;
}

}  // namespace

int run_backfill(const config::Config& config, const BackfillOptions& options) {
  return run_history(config, [options](const store::Reader& reader, const Market& market) {
    ingest::HistoryRequest request;
    request.back = options.back;
    request.from = floor_to(options.from, market.interval);
    request.to = options.to;
    request.stored = config::stored_ranges(reader, market.id);
    const store::StoredCursor cursor = reader.cursor(market.id);
    request.open_sequence_gaps = cursor.open_sequence_gaps;
    request.last_made = last_made(cursor);
    request.not_before = reader.bounds(market.id).trades_pruned_before.value_or(Timestamp{});
    return request;
  });
}

int run_gap_fill(const config::Config& config) {
  return run_history(config, [&config](const store::Reader& reader, const Market& market) {
    ingest::HistoryRequest request;
    const store::StoredCursor cursor = reader.cursor(market.id);
    request.open_sequence_gaps = cursor.open_sequence_gaps;
    request.repair_elsewhere = true;
    request.stored = config::stored_ranges(reader, market.id);
    request.last_made = last_made(cursor);
    if (cursor.last_trade_id) {
      request.from = cursor.last_trade_time;
    } else {  // behind trades without ids there is no gap either
      request.back = config.history.on_start;
      if (request.last_made) request.no_later = floor_to(request.last_made->time, market.interval);
    }
    return request;
  });
}

}  // namespace candled::cli
