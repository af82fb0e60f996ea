#include "candled/store/quality.hpp"

#include <algorithm>

#include "candled/domain/candle.hpp"
#include "candled/domain/trade.hpp"
#include "candled/store/journal_writer.hpp"
#include "store/exact.hpp"
#include "store/outlier_band.hpp"
#include "store/reading.hpp"
#include "store/schema.hpp"
#include "store/sqlite.hpp"

namespace candled::store {
namespace {

constexpr std::int64_t rows_per_look = 50'000;

void add_missing(TradeQuality& trades, const MissingIds& missing) {
  trades.missing_ids += missing.last_id - missing.first_id + 1;
  if (++trades.missing_runs <= static_cast<std::int64_t>(MarketQuality::listed_max)) trades.missing.push_back(missing);
}

// The trades of one market in id order.
class TradeLook {
 public:
  TradeLook(TradeQuality& trades, Timestamp pruned_before) : trades_(trades), pruned_before_(pruned_before) {}

  void add(std::int64_t id, Timestamp time, bool late, TradeSource source) {
    ++trades_.count;
    older_ += time < pruned_before_ ? 1 : 0;
    trades_.late += late ? 1 : 0;
    trades_.from_stream += source == TradeSource::stream ? 1 : 0;
    trades_.from_rest += source == TradeSource::rest ? 1 : 0;
    trades_.imported += source == TradeSource::import ? 1 : 0;
    trades_.first = std::min(trades_.first.value_or(time), time);
    trades_.last = std::max(trades_.last.value_or(time), time);
    if (id < 0) {
      ++trades_.without_id;
      return;
    }
    if (!trades_.first_id) trades_.first_id = id;
    // Behind a trade of a time that was pruned, they went on purpose.
    if (trades_.last_id && id > *trades_.last_id + 1 && before_ >= pruned_before_)
      add_missing(trades_, {*trades_.last_id + 1, id - 1, before_, time});
    trades_.last_id = id;
    before_ = time;
  }
  Timestamp last_time() const { return before_; }
  std::int64_t older() const { return older_; }  // than what was pruned

 private:
  TradeQuality& trades_;
  const Timestamp pruned_before_;
  std::int64_t older_ = 0;
  Timestamp before_;  // of the trade with the last id
};

// The candles of one market in time order.
class CandleLook {
 public:
  CandleLook(CandleQuality& candles, Duration interval) : candles_(candles), interval_(interval) {}

  void add(const Candle& candle, bool without_trades) {
    if (candles_.last && candle.open_time > *candles_.last + interval_) {
      const std::int64_t count = (candle.open_time - *candles_.last) / interval_ - 1;
      candles_.absent += count;
      add_run({*candles_.last + interval_, candle.open_time - interval_, count, false});
    }
    switch (candle.state) {
      case CandleState::traded: ++candles_.traded; break;
      case CandleState::quiet: ++candles_.quiet; break;
      case CandleState::gap: ++candles_.gap; break;
    }
    if (candle.state == CandleState::gap) {
      if (in_gap_) {
        extend_run(candle.open_time);
      } else {
        add_run({candle.open_time, candle.open_time, 1, true});
      }
    }
    in_gap_ = candle.state == CandleState::gap;
    candles_.without_trades += without_trades ? 1 : 0;
    candles_.revised += candle.revision > 0 ? 1 : 0;
    if (!candles_.first) candles_.first = candle.open_time;
    candles_.last = candle.open_time;
    if (candle.state == CandleState::traded && close_before_ > 0) {
      band_.add(candle.open_time, close_before_, candle.high.to_double(), candle.low.to_double());
    }
    // What happened behind a gap is not known, so a move over it says nothing.
    close_before_ = candle.state == CandleState::gap ? 0 : candle.close.to_double();
  }

  void finish() {
    band_.finish();
    candles_.outliers = band_.count();
    candles_.worst = band_.worst();
  }

 private:
  void add_run(const MissingCandles& run) {
    if (++candles_.missing_runs <= static_cast<std::int64_t>(MarketQuality::listed_max))
      candles_.missing.push_back(run);
  }
  void extend_run(Timestamp open_time) {
    if (candles_.missing_runs > static_cast<std::int64_t>(MarketQuality::listed_max)) return;
    candles_.missing.back().to = open_time;
    ++candles_.missing.back().candles;
  }

  CandleQuality& candles_;
  const Duration interval_;
  OutlierBand band_;
  double close_before_ = 0;
  bool in_gap_ = false;
};

class Reading {
 public:
  Reading(const std::filesystem::path& path, const Market& market, const std::function<bool(std::int64_t)>& progress)
      : connection_(open_for_reading(path)), progress_(progress) {
    quality.market = market;
    Statement find(connection_, "SELECT id, interval_ns FROM market WHERE name = ?");
    find.bind(market.name());
    while (find.next()) {
      id_ = find.integer(0);
      quality.market.interval.ns = find.integer(1);
    }
    if (id_ == 0) throw StoreError("database " + path.string() + " holds no market " + market.name());
  }

  bool run() {
    read_bounds();
    return read_trades() && read_candles() && read_rest();
  }

  MarketQuality quality;

 private:
  void read_bounds() {
    Statement bounds(
        connection_,
        "SELECT trades_pruned_before, features_pruned_before, "
        "(SELECT count(*) FROM feature f WHERE f.market = b.market AND f.open_time < b.features_pruned_before) "
        "FROM record_bounds b WHERE market = ?");
    bounds.bind(id_);
    while (bounds.next()) {
      if (!bounds.is_null(0)) quality.trades_pruned_before = Timestamp{bounds.integer(0)};
      if (!bounds.is_null(1)) quality.features_pruned_before = Timestamp{bounds.integer(1)};
      quality.features_older = bounds.integer(2);
    }
  }

  bool read_trades() {
    Statement rows(
        connection_,
        "SELECT trade_id, time, late, source FROM trade WHERE market = ? AND trade_id > ? ORDER BY trade_id LIMIT ?");
    TradeLook look(quality.trades, quality.trades_pruned_before.value_or(Timestamp{INT64_MIN}));
    std::int64_t last = INT64_MIN, read = rows_per_look;
    while (read == rows_per_look) {
      read = 0;
      rows.bind(id_, last, rows_per_look);
      while (rows.next()) {
        ++read;
        last = rows.integer(0);
        look.add(last, Timestamp{rows.integer(1)}, rows.integer(2) != 0, static_cast<TradeSource>(rows.integer(3)));
      }
      if (!told(read)) return false;
    }
    last_id_time_ = look.last_time();
    quality.trades_older = look.older();
    return true;
  }

  bool read_candles() {
    Statement rows(connection_,
                   "SELECT open_time, high, low, close, state, revision, buy_trades IS NULL AND state < 2 FROM candle "
                   "WHERE market = ? AND open_time > ? ORDER BY open_time LIMIT ?");
    CandleLook look(quality.candles, quality.market.interval);
    std::int64_t last = INT64_MIN, read = rows_per_look;
    while (read == rows_per_look) {
      read = 0;
      rows.bind(id_, last, rows_per_look);
      while (rows.next()) {
        ++read;
        Candle candle;
        candle.open_time.ns = last = rows.integer(0);
        candle.high = exact<Price>(rows, 1);
        candle.low = exact<Price>(rows, 2);
        candle.close = exact<Price>(rows, 3);
        candle.state = static_cast<CandleState>(rows.integer(4));
        candle.revision = static_cast<std::uint16_t>(rows.integer(5));
        look.add(candle, rows.integer(6) != 0);
      }
      if (!told(read)) return false;
    }
    look.finish();
    return true;
  }

  bool read_rest() {
    TradeQuality& trades = quality.trades;
    Statement sequence_gaps(connection_,
                            "SELECT first_missing_id, last_missing_id, filled IS NULL FROM hole WHERE market = ? ORDER "
                            "BY first_missing_id");
    sequence_gaps.bind(id_);
    while (sequence_gaps.next()) {
      const bool open = sequence_gaps.integer(2) != 0;
      (open ? quality.open_sequence_gaps : quality.filled_sequence_gaps) += 1;
      // A record may end on a sequence gap whose next trade is not stored yet.
      if (!open || !trades.last_id || sequence_gaps.integer(1) <= *trades.last_id) continue;
      add_missing(
          trades,
          {std::max(sequence_gaps.integer(0), *trades.last_id + 1), sequence_gaps.integer(1), last_id_time_, {}});
    }
    return true;
  }

  bool told(std::int64_t more) {
    rows_ += more;
    return !progress_ || progress_(rows_);
  }

  Connection connection_;
  const std::function<bool(std::int64_t)>& progress_;
  std::int64_t id_ = 0;
  std::int64_t rows_ = 0;
  Timestamp last_id_time_;
};

}  // namespace

MarketTable stored_markets(const std::filesystem::path& path) {
  try {
    const Connection connection = open_for_reading(path);
    Statement rows(connection, "SELECT name, interval_ns FROM market ORDER BY id");
    MarketTable markets;
    while (rows.next()) {
      const Result<MarketName> name = parse_market_name(rows.text(0));
      if (!name) throw StoreError("database " + path.string() + " holds a market without a proper name");
      markets.push_back({MarketId{static_cast<std::uint16_t>(markets.size())}, name->exchange, name->symbol,
                         Duration{rows.integer(1)}});
    }
    return markets;
  } catch (const SqliteError& error) {
    throw StoreError(error.what());
  }
}

std::optional<MarketQuality> read_quality(const std::filesystem::path& path, const Market& market,
                                          const std::function<bool(std::int64_t rows)>& progress) {
  try {
    Reading reading(path, market, progress);
    if (!reading.run()) return std::nullopt;
    return std::move(reading.quality);
  } catch (const SqliteError& error) {
    throw StoreError(error.what());
  }
}

}  // namespace candled::store
