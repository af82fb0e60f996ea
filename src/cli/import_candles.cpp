#include "cli/import_candles.hpp"

#include <fmt/format.h>

#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "candled/config/assembly.hpp"
#include "candled/domain/book_facts.hpp"
#include "candled/features/feature_set.hpp"
#include "candled/flow/signals.hpp"
#include "candled/store/reader.hpp"

namespace candled::cli {
namespace {

constexpr std::size_t rows_per_transaction = 4'000;
constexpr std::int64_t candles_per_look = 5'000;

// The stored candles of a market in time order, some thousand at a time.
class StoredCandles {
 public:
  StoredCandles(const store::Reader& reader, const store::ImportWriter& beside, const Market& market)
      : reader_(reader),
        market_(market),
        last_(reader.last_candle_open_time(market.id)),
        next_from_(beside.first_candle_open_time(market.id).value_or(Timestamp{})) {}

  const Candle* front() {
    while (at_ == chunk_.size() && last_ && next_from_ <= *last_) {
      const Timestamp to = next_from_ + market_.interval * candles_per_look;
      chunk_ = reader_.candles(market_.id, next_from_, to);
      books_ = reader_.book_facts(market_.id, next_from_, to);
      book_at_ = 0;
      at_ = 0;
      next_from_ = to;
    }
    return at_ < chunk_.size() ? &chunk_[at_] : nullptr;
  }
  void pop() { ++at_; }
  // What the order book gave the candle at the front; null for nothing.
  const BookFacts* book() {
    const Timestamp open_time = chunk_[at_].open_time;
    while (book_at_ < books_.size() && books_[book_at_].open_time < open_time) ++book_at_;
    return book_at_ < books_.size() && books_[book_at_].open_time == open_time ? &books_[book_at_] : nullptr;
  }

 private:
  const store::Reader& reader_;
  const Market& market_;
  const std::optional<Timestamp> last_;
  std::vector<Candle> chunk_;
  std::size_t at_ = 0;
  std::vector<BookFacts> books_;
  std::size_t book_at_ = 0;
  Timestamp next_from_;
};

// What both know and tell differently; what one of them does not know contradicts nothing.
bool contradict(const Candle& a, const Candle& b) {
  if (a.state == CandleState::gap || b.state == CandleState::gap) return false;
  return a.open != b.open || a.high != b.high || a.low != b.low || a.close != b.close || a.volume != b.volume ||
         (a.trades_known && b.trades_known && a.trades != b.trades) ||
         (a.buy_volume_known && b.buy_volume_known && a.buy_volume != b.buy_volume);
}

std::string values_of(const Candle& c) {
  return fmt::format("open {} high {} low {} close {} volume {}{}", c.open.to_text(), c.high.to_text(), c.low.to_text(),
                     c.close.to_text(), c.volume.to_text(),
                     c.trades_known ? fmt::format(" trades {}", c.trades) : std::string());
}

void note_contradiction(const Candle& stored, const Candle& imported, files::Contradictions& contradictions) {
  if (!contradict(stored, imported)) return;
  if (contradictions.rows++ == 0) {
    contradictions.first = fmt::format("candle {}: stored is {}, here it is {}", to_iso8601(stored.open_time),
                                       values_of(stored), values_of(imported));
  }
}

class Merge {
 public:
  Merge(const config::Config& config, const Market& market, const std::string& feature_hash,
        store::JournalWriter& writer, store::ImportWriter& beside, Timestamp kept_from)
      : market_(market),
        feature_hash_(feature_hash),
        writer_(writer),
        beside_(beside),
        features_(market.interval, config.features.list),
        kept_from_(kept_from) {}

  Result<void> take_stored(const Candle& candle, const BookFacts* book) { return put(candle, book, true); }

  // `stored` is the candle that is there for this time, null for none.
  Result<void> take_imported(Candle candle, const Candle* stored, const BookFacts* book, CandleImportReport& report) {
    const bool fills = stored != nullptr && stored->state == CandleState::gap && candle.state != CandleState::gap;
    if (stored != nullptr && !fills) {
      ++report.stored_already;
      note_contradiction(*stored, candle, report.contradictions);
      return put(*stored, book, true);
    }
    if (fills) {
      candle.revision = static_cast<std::uint16_t>(stored->revision + 1);
      ++report.gaps_filled;
    } else {
      ++report.added;
      ++(candle.state == CandleState::traded  ? report.traded
         : candle.state == CandleState::quiet ? report.quiet
                                              : report.gap);
    }
    if (!std::exchange(changed_, true)) {
      if (Result<void> begun = begin_changing(candle.open_time); !begun) return begun;
    }
    return put(candle, book, false);
  }

  Result<void> flush() {
    if (rows_.empty()) return {};
    Result<void> written = beside_.write_candles(market_.id, feature_hash_, rows_);
    rows_.clear();
    return written;
  }
  bool changed() const { return changed_; }
  // Behind the last candle: the rows from the first change on are made.
  Result<void> finish() {
    if (Result<void> flushed = flush(); !flushed || !changed_ || more_was_due_) return flushed;
    writer_.take_features_due(market_.id);
    return writer_.features_refreshed(market_.id);
  }

 private:
  // The live state was made from the candles as they were, and so were the rows: where this run ends early, another makes them again.
  Result<void> begin_changing(Timestamp open_time) {
    if (Result<void> forgotten = writer_.forget_state("features/" + market_.name()); !forgotten) return forgotten;
    more_was_due_ = writer_.take_features_due(market_.id).has_value();
    return writer_.features_due(market_.id, open_time);
  }

  Result<void> put(const Candle& candle, const BookFacts* book, bool is_stored) {
    const std::span<const double> row = features_.update(candle, book);
    // In front of the first change the stored features are right.
    if (!changed_) return {};
    const std::span<const double> kept = candle.open_time >= kept_from_ ? row : std::span<const double>{};
    if (is_stored && kept.empty()) return {};
    rows_.push_back({candle, {kept.begin(), kept.end()}, is_stored});
    return rows_.size() < rows_per_transaction ? Result<void>{} : flush();
  }

  const Market& market_;
  const std::string& feature_hash_;
  store::JournalWriter& writer_;
  store::ImportWriter& beside_;
  features::FeatureSet features_;
  std::vector<store::CandleImport> rows_;
  const Timestamp kept_from_;  // older rows would be pruned again
  bool changed_ = false;
  bool more_was_due_ = false;  // before this run, and perhaps older rows than it makes
};

}  // namespace

Result<CandleImportReport> import_candles(const config::Config& config, const NextCandle& next_candle,
                                          store::JournalWriter& writer, store::ImportWriter& beside,
                                          const std::function<void(std::int64_t)>& progress) {
  const MarketTable& markets = config.table;
  const Market& market = markets.front();
  const std::string feature_hash = config::journal_settings(config).features.front().hash;
  const store::Reader reader(config.storage.path, markets);
  StoredCandles stored(reader, beside, market);
  const Timestamp kept = engine::kept_from(config::engine_settings(config).keep.features,
                                           reader.last_candle_open_time(market.id), market.interval);
  Merge merge(config, market, feature_hash, writer, beside, kept);
  CandleImportReport report;
  std::int64_t done = 0;
  Candle candle;
  for (;;) {
    const Result<bool> more = next_candle(candle);
    if (!more) return std::unexpected(more.error());
    if (!*more) break;
    if (done++ % candles_per_look == 0) {
      if (flow::stop_requested()) {
        if (Result<void> flushed = merge.flush(); !flushed) return std::unexpected(flushed.error());
        return report;
      }
      progress(done);
    }
    const Candle* next = stored.front();
    for (; next != nullptr && next->open_time < candle.open_time; next = stored.front()) {
      if (Result<void> taken = merge.take_stored(*next, stored.book()); !taken) return std::unexpected(taken.error());
      stored.pop();
    }
    const bool is_stored = next != nullptr && next->open_time == candle.open_time;
    if (Result<void> taken =
            merge.take_imported(candle, is_stored ? next : nullptr, is_stored ? stored.book() : nullptr, report);
        !taken)
      return std::unexpected(taken.error());
    if (is_stored) stored.pop();
  }
  // Features look back: those behind the import change with it.
  for (const Candle* next = merge.changed() ? stored.front() : nullptr; next != nullptr; next = stored.front()) {
    if (Result<void> taken = merge.take_stored(*next, stored.book()); !taken) return std::unexpected(taken.error());
    stored.pop();
  }
  if (Result<void> finished = merge.finish(); !finished) return std::unexpected(finished.error());
  report.complete = true;
  return report;
}

}  // namespace candled::cli
