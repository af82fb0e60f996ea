#include "cli/import_trades.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

#include "candled/config/assembly.hpp"
#include "candled/domain/made_id.hpp"
#include "candled/engine/conveyor.hpp"
#include "candled/engine/revision.hpp"
#include "candled/engine/trainer.hpp"
#include "candled/flow/clock.hpp"
#include "candled/flow/parker.hpp"
#include "candled/flow/progress_line.hpp"
#include "candled/flow/signals.hpp"
#include "candled/store/reader.hpp"
#include "cli/id_walk.hpp"
#include "cli/made_ids.hpp"

namespace candled::cli {
namespace {

constexpr std::int64_t trades_per_look = 4'096;

// Where contiguous ids prove that all trades are stored, trades without ids are the same ones again, or none at all.
class Cover {
 public:
  Cover(const store::Reader& reader, const Market& market) {
    if (reader.cursor(market.id).last_trade_id) ranges_ = reader.stored_ranges(market.id);
    std::ranges::sort(ranges_, {}, &store::IdRange::first_time);
  }
  // At its edges only what is the same trade is told from others.
  bool holds(Timestamp stamp) const {
    const Timestamp end = stamp + precision_of(stamp);
    const auto behind = std::ranges::lower_bound(ranges_, stamp, {}, &store::IdRange::first_time);
    return behind != ranges_.begin() && (behind - 1)->last_time >= end;
  }
  // Between two trades without ids: no stretch is left that a file without ids would not be believed to be quiet in.
  bool explains(Timestamp from, Timestamp to) const {
    for (const store::IdRange& range : ranges_) {
      if (range.first_time - from > files::believable_pause_max) break;
      from = std::max(from, range.last_time);
    }
    return to - from <= files::believable_pause_max;
  }

 private:
  std::vector<store::IdRange> ranges_;  // by time
};

// The two sequences of ids that one market's trades can have.
class Walks {
 public:
  // `refused`: when trades without ids may have been, because their rows were refused; rising.
  Walks(const store::ImportWriter& stored, MarketId market, const std::vector<Timestamp>& refused,
        std::span<const SequenceGap> open)
      : made_(stored, market), numbered_(stored, market) {
    std::vector<std::int64_t> behind;
    for (const Timestamp time : refused) behind.push_back(made_id_from(time) + made_id_step.ns - 1);
    made_.expect_missing(std::move(behind), open);
  }

  IdWalk& of(std::int64_t id) { return id < 0 ? made_ : numbered_; }
  // What is missing behind the last trade without an id.
  std::optional<store::IdSpan> finish() {
    numbered_.finish();
    return made_.finish();
  }
  // Those that took a step.
  std::vector<const IdWalk*> started() const {
    std::vector<const IdWalk*> walks;
    for (const IdWalk* walk : {&made_, &numbered_}) {
      if (walk->started()) walks.push_back(walk);
    }
    return walks;
  }

 private:
  IdWalk made_, numbered_;
};

// Feeds the conveyor from the calling thread.
class Feeding {
 public:
  Feeding(const Market& market, Timestamp pruned_before, files::ImportedRows& rows, MadeIds& made_ids, Walks& walks,
          const Cover& cover, flow::Sender& out, const std::function<bool()>& stopped,
          const std::function<void(std::int64_t)>& progress)
      : market_(market),
        pruned_before_(pruned_before),
        rows_(rows),
        made_ids_(made_ids),
        walks_(walks),
        cover_(cover),
        out_(out),
        stopped_(stopped),
        progress_(progress) {}

  Result<void> run(TradeImportReport& report) {
    Trade trade;
    std::int64_t done = 0;
    for (;;) {
      const Result<bool> more = rows_.next(trade);
      if (!more) return std::unexpected(more.error());
      if (!*more) break;
      if (done++ % trades_per_look == 0) {
        if (stopped_()) return {};
        now_us_ = flow::monotonic_us();
        progress_(done);
      }
      // Trades without ids are settled by the microsecond; in time order, and in front of those with ids that may be the same.
      if (!made_.empty() && (trade.id >= 0 || made_id_from(trade.time) != made_id_from(made_.front().trade.time)))
        pass_made(report);
      if (trade.id < 0) {
        made_.push_back({trade, rows_.file_of_trade()});
      } else {
        pass(trade, report);
      }
    }
    pass_made(report, true);
    if (const std::optional<store::IdSpan> missing = walks_.finish()) {
      push(Event::sequence_gap(market_.id, SequenceGap{missing->first, missing->last, flow::wall_now(), {}}));
    }
    report.complete = true;
    out_.flush();
    return {};
  }

 private:
  void pass_made(TradeImportReport& report, bool last = false) {
    if (made_.empty()) return;
    for (const MadeIds::Settled& settled : made_ids_.settle(made_, last)) {
      const Trade& trade = settled.trade;
      if (settled.stored == MadeIds::Stored::with_id ||
          (settled.stored == MadeIds::Stored::no && cover_.holds(trade.time))) {
        ++report.covered;
        walks_.of(trade.id).see(trade.id);
        last_time_ = std::max(last_time_.value_or(trade.time), trade.time);
      } else if (trade.id > last_made_id_) {
        last_made_id_ = trade.id;
        pass(trade, report);
      } else {  // stored among the ids of an earlier microsecond's trades
        ++report.stored_already;
      }
    }
    made_.clear();
  }
  void pass(const Trade& trade, TradeImportReport& report) {
    const IdWalk::Step step = walks_.of(trade.id).step(trade.id);
    // Trades with ids in between say that there was no pause, or have gaps of their own.
    const bool explained = trade.id < 0 && last_time_ && trade.time - *last_time_ <= files::believable_pause_max;
    last_time_ = std::max(last_time_.value_or(trade.time), trade.time);
    if (step.is_stored) {
      ++report.stored_already;
      return;
    }
    // What was pruned on purpose is not missing.
    if (step.missing && (step.is_told || !explained) && trade.time >= pruned_before_)
      push(Event::sequence_gap(market_.id, SequenceGap{step.missing->first, step.missing->last, trade.received, {}}));
    push(Event::of(market_.id, trade));
    ++report.added;
    report.pruned_once += trade.time < pruned_before_ ? 1 : 0;
  }
  void push(Event event) {
    event.received_us = now_us_;
    out_.push(std::move(event));
  }

  const Market& market_;
  const Timestamp pruned_before_;
  files::ImportedRows& rows_;
  MadeIds& made_ids_;
  Walks& walks_;
  const Cover& cover_;
  flow::Sender& out_;
  const std::function<bool()>& stopped_;
  const std::function<void(std::int64_t)>& progress_;
  std::uint32_t now_us_ = 0;
  std::vector<MadeIds::Row> made_;      // of one microsecond
  std::optional<Timestamp> last_time_;  // of all that was passed
  std::int64_t last_made_id_ = INT64_MIN;
};

// The trades of the import through a conveyor, from recovery to its end.
Result<void> run_conveyor(const config::Config& config, files::ImportedRows& rows, Walks& walks,
                          store::JournalWriter& writer, flow::Log& log,
                          const std::function<void(std::int64_t)>& progress, TradeImportReport& report) {
  const MarketTable& markets = config.table;
  flow::Parker parker;
  engine::EngineStatistics statistics;
  engine::TrainerStatistics trainer_statistics;
  const store::Reader reader(config.storage.path, markets);
  const Cover cover(reader, markets.front());
  engine::Conveyor conveyor(config::engine_settings(config), writer, reader, log, statistics);
  const engine::Trainer trainer(config::trainer_settings(config), conveyor.control(), log, trainer_statistics);
  flow::ProgressLine replaying("replaying the record", log);
  const engine::ReplayWatch watch{[&](const auto& at) { replaying.show(at.unit(), at.count(), at.part_done); },
                                  flow::stop_requested};
  const auto recovered = conveyor.recover(trainer.load_model(), config::past_runs(config), watch);
  replaying.finish();
  if (!recovered) return std::unexpected(recovered.error());
  if (recovered->stopped) return retry("stopped before the record was replayed; nothing was changed");

  const Timestamp pruned_before = reader.bounds(markets.front().id).trades_pruned_before.value_or(Timestamp{INT64_MIN});
  const store::Reader stored(config.storage.path, markets);  // the other one belongs to the journal's thread
  MadeIds made_ids(stored, markets.front());
  Result<void> fed;
  const std::function<bool()> stopped = [&] { return flow::stop_requested() || conveyor.gave_up(); };
  conveyor.may_give_up();  // the files stay: nothing is lost by telling at once that the disk is full
  conveyor.start();
  try {
    flow::Sender out = std::move(conveyor.feed());
    out.attach(parker);
    fed = Feeding(markets.front(), pruned_before, rows, made_ids, walks, cover, out, stopped, progress).run(report);
  } catch (const store::StoreError& error) {  // the conveyor must come to its end all the same
    fed = retry(error.what());
  }
  conveyor.join();
  report.candles = statistics.candles.value();
  report.gap_candles = statistics.gap_candles.value();
  if (!fed) return fed;
  if (conveyor.gave_up()) return retry(conveyor.given_up_for());
  // The journal revises at its end what is due; a note that is still there says that it could not.
  if (report.complete && reader.revision_due(markets.front().id))
    return retry(fmt::format("database {}: candles of the past could not be revised", config.storage.path.string()));
  return {};
}

// Ids behind a trade of a time whose trades were pruned are not missing: they went on purpose. Neither are trades without ids where those
// with ids are.
std::vector<store::IdSpan> still_missing(const config::Config& config, const IdWalk& walk) {
  std::vector<store::IdSpan> missing = walk.missing();
  const Market& market = config.table.front();
  const store::Reader reader(config.storage.path, config.table);
  const std::optional<Timestamp> pruned_before = reader.bounds(market.id).trades_pruned_before;
  const bool any_made = std::ranges::any_of(missing, [](const store::IdSpan& span) { return span.first < 0; });
  std::optional<Cover> cover;
  if (any_made) cover.emplace(reader, market);
  std::erase_if(missing, [&](const store::IdSpan& span) {
    if (span.first < 0 && !walk.is_told(span) &&
        cover->explains(time_of_made_id(span.first), time_of_made_id(span.last + 1)))
      return true;
    const std::optional<Trade> in_front = reader.trade(market.id, span.first - 1);
    return pruned_before && in_front && in_front->time < *pruned_before;
  });
  return missing;
}

// Candles of the past that the trades changed, and the features over them.
Result<std::int64_t> revise(const config::Config& config, store::JournalWriter& writer, const Walks& walks) {
  const MarketTable& markets = config.table;
  const store::Reader reader(config.storage.path, markets);
  const Market& market = markets.front();
  std::optional<Timestamp> from, to;
  for (const IdWalk* walk : walks.started()) {
    for (const std::int64_t id : {walk->between().first, walk->between().last}) {
      const std::optional<Trade> trade = reader.trade(market.id, id);
      if (!trade && id >= 0) continue;
      // What was covered is not stored under its made id, but gaps were settled up to it.
      const Timestamp time = trade ? trade->time : time_of_made_id(id);
      from = std::min(from.value_or(time), time);
      to = std::max(to.value_or(time), time);
    }
  }
  if (!from) return 0;
  Result<std::int64_t> revised = engine::revise_candles(reader, writer, market, *from, *to + Duration{1});
  if (!revised) return revised;
  if (Result<void> rebuilt =
          engine::rebuild_features(reader, writer, market, config::engine_settings(config).keep.features);
      !rebuilt)
    return std::unexpected(rebuilt.error());
  return revised;
}

}  // namespace

Result<TradeImportReport> import_trades(const config::Config& config, files::ImportedRows& rows,
                                        store::JournalWriter& writer, store::ImportWriter& beside, flow::Log& log,
                                        const std::function<void(std::int64_t)>& progress) {
  const MarketTable& markets = config.table;
  const Market& market = markets.front();
  const store::Reader reader(config.storage.path, markets);
  const bool had_candles = reader.last_candle_open_time(market.id).has_value();
  TradeImportReport report;
  Walks walks(beside, market.id, rows.summary().refused_trades, reader.cursor(market.id).open_sequence_gaps);
  if (Result<void> fed = run_conveyor(config, rows, walks, writer, log, progress, report); !fed)
    return std::unexpected(fed.error());
  if (!report.complete || report.added + report.stored_already == 0) return report;

  bool gaps_closed = false;
  for (const IdWalk* walk : walks.started()) {
    const std::vector<store::IdSpan> missing = still_missing(config, *walk);
    report.sequence_gaps += static_cast<std::int64_t>(missing.size());
    const Result<std::vector<store::IdSpan>> gone =
        beside.settle_sequence_gaps(market.id, walk->between(), missing, flow::wall_now());
    if (!gone) return std::unexpected(gone.error());
    gaps_closed |= !gone->empty();
  }
  report.replaced = writer.trades_replaced();
  // An import into a fresh market is whole already; so is one that changed nothing, unless its first run was cut short.
  const bool changed = report.added > 0 || gaps_closed || report.replaced > 0;
  if (had_candles && changed) {
    const Result<std::int64_t> revised = revise(config, writer, walks);
    if (!revised) return std::unexpected(revised.error());
    report.candles_revised = *revised;
  }
  return report;
}

}  // namespace candled::cli
