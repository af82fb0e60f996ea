#include "candled/store/journal_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "store/book_row.hpp"
#include "store/candle_row.hpp"
#include "store/contributions_text.hpp"
#include "store/exact.hpp"
#include "store/feature_rows.hpp"
#include "store/file_lock.hpp"
#include "store/in_transaction.hpp"
#include "store/log_sync.hpp"
#include "store/log_watch.hpp"
#include "store/names.hpp"
#include "store/order_row.hpp"
#include "store/rewrite.hpp"
#include "store/sequence_gap_rows.hpp"
#include "store/sqlite.hpp"
#include "store/trade_replacement.hpp"
#include "store/writing.hpp"

namespace candled::store {
namespace {

std::int64_t number(auto value) { return static_cast<std::int64_t>(value); }

// What cannot be fetched again, and so must be on the disk before anybody sees it.
bool must_last(const Event& event) { return event.kind() == EventKind::fill || event.kind() == EventKind::model_swap; }

// Every statement the journal runs, prepared once.
struct Statements {
  explicit Statements(Connection& c)
      : trade(c, "INSERT OR IGNORE INTO main.trade VALUES (?,?,?,?,?,?,?,?,?,?,?)"),
        watermark(c, "INSERT OR IGNORE INTO main.tick VALUES (?,?,?,?)"),
        due(c,
            "INSERT INTO revision_due VALUES (?,?,?) ON CONFLICT DO UPDATE SET from_time = min(from_time, "
            "excluded.from_time), "
            "to_time = max(to_time, excluded.to_time)"),
        done(c, "DELETE FROM revision_due WHERE market = ?"),
        pause(c, "INSERT OR IGNORE INTO pause VALUES (?,?,?)"),
        model_swap(c, "INSERT OR IGNORE INTO takeover VALUES (?,?)"),
        book(c, insert_book),
        // A candle of an import (no tape) gives way to one that is made from its trades. It returns the revision.
        candle(c, std::string("INSERT INTO main.candle ") + candle_values + " ON CONFLICT DO UPDATE SET " +
                      candle_update +
                      ", revision = candle.revision + 1, closed = ?18, sequence = ?19 WHERE candle.buy_trades IS NULL "
                      "AND excluded.buy_trades IS NOT NULL AND "
                      "(candle.state > 0 OR excluded.state = 0) RETURNING revision"),
        prediction(c, "INSERT OR IGNORE INTO main.prediction VALUES (?,?,?,?,?,?,?,?,?,nullif(?,''))"),
        fill(c, "INSERT OR IGNORE INTO main.fill VALUES (?,?,?,?,?,?,?,?,?,?,?)"),
        fill_numbers(c,
                     "SELECT sequence, (SELECT max(number) FROM fill WHERE strategy = ?1 AND market = ?2) FROM fill "
                     "WHERE strategy = ?1 AND market = ?2 AND number = ?3"),
        equity(c, "INSERT OR IGNORE INTO main.equity_point VALUES (?,?,?,?,?,?,?,?)"),
        order(c, insert_order),
        model(c, "INSERT OR IGNORE INTO model VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)"),
        alias(c, "INSERT OR REPLACE INTO model_alias VALUES (?, ?)"),
        no_challenger(c, "DELETE FROM model_alias WHERE alias = 'challenger'"),
        promotion(c, "INSERT INTO promotion (model, decided, why, sequence) VALUES (?,?,?,?)"),
        clear_checkpoint(c, "DELETE FROM checkpoint"),
        checkpoint(c, "INSERT OR REPLACE INTO checkpoint VALUES (?,?)"),
        stream_checkpoint(c, "UPDATE stream SET checkpoint_sequence = ?"),
        stream_last(c, "UPDATE stream SET last_sequence = ? WHERE last_sequence < ?1"),
        stored_candle(c, std::string("SELECT ") + candle_columns + " FROM candle WHERE market = ? AND open_time = ?"),
        revise(c, std::string("INSERT INTO main.candle ") + candle_values + " ON CONFLICT DO UPDATE SET " +
                      candle_update) {}

  Statement trade, watermark, due, done, pause, model_swap, book, candle, prediction, fill, fill_numbers, equity, order,
      model, alias, no_challenger, promotion, clear_checkpoint, checkpoint, stream_checkpoint, stream_last,
      stored_candle, revise;
};

}  // namespace

class JournalWriter::Implementation {
 public:
  explicit Implementation(JournalSettings given)
      : settings(std::move(given)),
        lock(settings.path),
        log(settings.path),
        connection(open_for_writing(settings.path, lock, nullptr)),
        markets(register_markets(connection, settings.markets)),
        strategies(register_strategies(connection, settings.strategies)),
        sql(connection),
        features(connection),
        replacement(connection, markets),
        noted(markets.size(), false),
        sequence_gaps(connection) {
    drop_half_groups();
    Transaction transaction(connection);
    for (const std::int64_t id : markets) sequence_gaps.settle(id);
    transaction.commit();
    Statement none(
        connection,
        "INSERT OR REPLACE INTO feature_rows SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM feature WHERE market = ?1)");
    for (std::size_t i = 0; i < markets.size() && i < settings.features.size(); ++i)
      none.bind(markets[i], settings.features[i].hash).run();
    Statement list(connection, "INSERT OR IGNORE INTO feature_list VALUES (?, ?)");
    for (const FeatureListRecord& one : settings.features) {
      list.bind(one.hash, fmt::format("{}", fmt::join(one.recorded.empty() ? one.names : one.recorded, ","))).run();
    }
    log.begin(connection);
    if (settings.durability == Durability::power) sync.emplace(settings.path);
  }
  ~Implementation() {
    if (log.look() == LogWatch::State::cut) keep_log();
  }

  std::int64_t market(const Event& event) const { return markets[index_of(event.market())]; }
  const std::string& feature_hash(MarketId market) const { return settings.features[index_of(market)].hash; }
  std::int64_t strategy(StrategyId id) const { return strategies[index_of(id)]; }

  // A huge group is written in parts; what a crash left of one in front of its head event is rebuilt by the next run, and must
  // not stand in its way.
  void drop_half_groups() {
    // Tables are looked through, which must not fill the cache: a start would take more memory the more is stored.
    const std::int64_t cache = connection.query_integer("PRAGMA cache_size");
    connection.execute("PRAGMA cache_size = -2048");
    Transaction transaction(connection);
    for (const char* table : {"candle", "feature", "prediction", "fill", "equity_point", "paper_order"}) {
      Deletion(connection, table, "sequence > (SELECT last_sequence FROM stream)").run();
    }
    transaction.commit();
    connection.execute(fmt::format("PRAGMA cache_size = {}", cache).c_str());
  }

  // One transaction. On the disk: before any reader sees it, where commits survive the loss of power at all.
  template <class Work>
  Result<void> commit(bool on_the_disk, Work work) {
    if (const std::optional<std::string> failed = sync ? sync->failure() : std::nullopt) return fatal(*failed);
    if (Result<void> set = sync_commits(on_the_disk && sync); !set) return set;
    Result<void> done = in_transaction(connection, [&] {
      require_log();
      work();
    });
    if (done && sync && !syncs_commits) sync->owe();
    return done;
  }
  template <class Work>
  Result<void> commit(Work work) {
    return commit(false, std::move(work));
  }
  Result<void> sync_commits(bool wanted);
  void require_log();
  // A log that was cut is not copied into the database when the file is closed: the next start finds where it ends.
  void keep_log() { sqlite3_db_config(connection.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr); }
  void write(const Event& event);
  void write_trade(const Event& event);
  void replace_trades();
  void write_report(const Event& event);
  void write_fill(const Event& event);
  void write_model_swap(const Event& event);
  void write_model(const ModelRecord& record, std::int64_t sequence);
  void make_champion(const std::string& model, const std::string& why, Timestamp decided, std::int64_t sequence);
  void write_checkpoint(const Event& event);
  bool revise(MarketId market_id, const Candle& candle);
  using PutFeatures = std::int64_t (FeatureRows::*)(std::int64_t, const std::string&, FeatureRows::Rows);
  Result<std::int64_t> put_features(MarketId market_id, std::span<const StoredFeatures> rows, PutFeatures put);

  JournalSettings settings;
  FileLock lock;
  LogWatch log;
  Connection connection;
  bool syncs_commits = false;  // PRAGMA synchronous = FULL
  std::vector<std::int64_t> markets, strategies;
  Statements sql;
  FeatureRows features;
  TradeReplacement replacement;
  std::vector<bool> noted;      // by market: trades were replaced in candles that are due now
  std::optional<LogSync> sync;  // Durability::power
  SequenceGapRows sequence_gaps;
};

Result<void> JournalWriter::Implementation::sync_commits(bool wanted) {
  if (syncs_commits == wanted) return {};
  try {
    connection.execute(wanted ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
  } catch (const SqliteError& error) {
    return remedy_of(error);
  }
  syncs_commits = wanted;
  return {};
}

void JournalWriter::Implementation::require_log() {
  const LogWatch::State state = log.look();
  if (state == LogWatch::State::whole) return;
  if (state == LogWatch::State::cut) keep_log();
  throw log.error(state);
}

void JournalWriter::Implementation::write(const Event& event) {
  switch (event.kind()) {
    case EventKind::trade: return write_trade(event);
    case EventKind::watermark:
      replacement.proven(market(event), event.watermark().time);
      if (event.watermark().decisive) {
        sql.watermark.bind(event.sequence, market(event), event.watermark().time.ns, event.watermark().received.ns)
            .run();
      }
      return;
    case EventKind::sequence_gap:
      replacement.unproven(market(event));
      return sequence_gaps.record(market(event), event.sequence_gap(), event.sequence);
    case EventKind::sequence_gap_filled: return sequence_gaps.fill(market(event), event.sequence_gap());
    case EventKind::book: return bind_book(sql.book, market(event), event.book(), event.sequence), sql.book.run();
    case EventKind::pause:
      sql.pause.bind(event.sequence, number(event.pause().paused), event.pause().asked.ns).run();
      return;
    case EventKind::model_swap: return write_model_swap(event);
    case EventKind::checkpoint: return write_checkpoint(event);
    case EventKind::candle: return write_report(event);
    case EventKind::fill: return write_fill(event);
    case EventKind::probe: return;
  }
}

void JournalWriter::Implementation::write_trade(const Event& event) {
  const Trade& t = event.trade();
  sql.trade
      .bind(market(event), t.id, t.time.ns, t.received.ns, exact_cell(t.price), exact_cell(t.quantity), number(t.side),
            number(t.source), number(t.order_type), number(t.late), event.sequence)
      .run();
  if (sqlite3_changes(connection.handle()) > 0) replacement.inserted(market(event), t);
  if (t.late) sql.due.bind(market(event), t.time.ns, t.time.ns + 1).run();
}

void JournalWriter::Implementation::replace_trades() {
  for (const TradeReplacement::Touched& touched : replacement.settle()) {
    sql.due.bind(touched.market, touched.from.ns, touched.to.ns).run();
    noted[static_cast<std::size_t>(std::ranges::find(markets, touched.market) - markets.begin())] = true;
  }
}

void JournalWriter::Implementation::write_report(const Event& event) {
  const CandleReport& report = event.report();
  const Candle& c = report.candle;
  const std::int64_t id = market(event);
  const std::int64_t open_time = c.open_time.ns;
  bind_candle(sql.candle, id, c, report.closed, event.sequence);
  bool replaced = false;
  while (sql.candle.next()) replaced = sql.candle.integer(0) > 0;
  if (replaced) features.note_due(id, c.open_time);
  if (c.state == CandleState::gap) sql.due.bind(id, open_time, report.end.ns).run();
  if (!report.features.empty()) {
    features.write_live(id, c.open_time, feature_hash(event.market()), report.features, event.sequence);
  }
  if (report.prediction) {
    const Prediction& p = *report.prediction;
    const std::string why =
        contributions_text(p.contributions, report.features, settings.features[index_of(event.market())].names);
    sql.prediction
        .bind(id, open_time, p.horizon.ns, p.probability_up, number(p.signal), p.model, number(report.stale),
              event.sequence, number(p.expired), why)
        .run();
  }
  for (const EquityPoint& e : report.equity) {
    sql.equity
        .bind(strategy(e.strategy), id, e.time.ns, exact_cell(e.cash), exact_cell(e.position), exact_cell(e.price),
              exact_cell(e.equity), event.sequence)
        .run();
  }
  for (const OrderRecord& order : report.orders) {
    bind_order(sql.order, strategy(order.strategy), id, order, event.sequence);
    sql.order.run();
  }
}

// A number that another event's fill has already (the accounts were rebuilt with another config or model) must not swallow this
// fill: it gets the next free one. The same event's fill stays as it is.
void JournalWriter::Implementation::write_fill(const Event& event) {
  const Fill& f = event.fill();
  const std::int64_t owner = strategy(f.strategy), market_row = market(event);
  const auto insert = [&](std::int64_t fill_number) {
    sql.fill
        .bind(owner, market_row, fill_number, f.time.ns, f.decided_on.ns, number(f.side), exact_cell(f.quantity),
              exact_cell(f.price), exact_cell(f.fee), number(f.reason), event.sequence)
        .run();
    return sqlite3_changes(connection.handle()) > 0;
  };
  if (insert(number(f.number))) return;
  std::int64_t sequence = 0, last = 0;
  sql.fill_numbers.bind(owner, market_row, number(f.number));
  while (sql.fill_numbers.next()) {
    sequence = sql.fill_numbers.integer(0);
    last = sql.fill_numbers.integer(1);
  }
  if (sequence != event.sequence) insert(last + 1);
}

void JournalWriter::Implementation::write_model_swap(const Event& event) {
  const ModelSwap& model_swap = event.model_swap();
  if (model_swap.record) write_model(*model_swap.record, event.sequence);
  if (!model_swap.predictor) return sql.alias.bind("challenger", model_swap.record->name).run();
  sql.model_swap.bind(event.sequence, model_swap.predictor->name()).run();
  make_champion(model_swap.predictor->name(), model_swap.why, model_swap.decided, event.sequence);
}

void JournalWriter::Implementation::write_model(const ModelRecord& r, std::int64_t sequence) {
  sql.model
      .bind(r.name, r.kind, r.created.ns, r.trained_from.ns, r.trained_to.ns, r.accuracy, r.f1, r.precision, r.recall,
            r.metrics_json, r.sha256, r.feature_hash, sequence)
      .run();
}

// A challenger challenges the champion that it was compared with, not the next one.
void JournalWriter::Implementation::make_champion(const std::string& model, const std::string& why, Timestamp decided,
                                                  std::int64_t sequence) {
  sql.alias.bind("champion", model).run();
  if (why.empty()) return;
  sql.no_challenger.run();
  sql.promotion.bind(model, decided.ns, why, sequence).run();
}

void JournalWriter::Implementation::write_checkpoint(const Event& event) {
  sql.clear_checkpoint.run();
  for (const auto& [station, state] : event.checkpoint().states)
    sql.checkpoint.bind(station, Statement::as_blob(state)).run();
  sql.stream_checkpoint.bind(event.sequence).run();
}

bool JournalWriter::Implementation::revise(MarketId market_id, const Candle& candle) {
  const std::int64_t id = markets[index_of(market_id)];
  std::optional<Candle> stored;
  sql.stored_candle.bind(id, candle.open_time.ns);
  while (sql.stored_candle.next()) stored = candle_of(sql.stored_candle);
  Candle revised = candle;
  revised.revision = stored ? stored->revision : std::uint16_t{0};
  if (stored == revised) return false;
  // What a file told of a candle whose trades are not here is more than not knowing, or than not having seen any.
  if (stored && stored->state == CandleState::traded && !stored->tape.known && revised.state != CandleState::traded)
    return false;
  if (stored && stored->state == CandleState::quiet && !stored->tape.known && revised.state == CandleState::gap)
    return false;
  if (stored) ++revised.revision;
  bind_candle(sql.revise, id, revised, Timestamp{}, 0);
  sql.revise.run();
  return true;
}

JournalWriter::JournalWriter(JournalSettings settings) {
  try {
    implementation_ = std::make_unique<Implementation>(std::move(settings));
  } catch (const SqliteError& error) {
    throw StoreError(error.what());
  }
}

JournalWriter::~JournalWriter() = default;

Result<std::int64_t> JournalWriter::Implementation::put_features(MarketId market_id,
                                                                 std::span<const StoredFeatures> rows,
                                                                 PutFeatures put) {
  std::int64_t changed = 0;
  const std::int64_t id = markets[index_of(market_id)];
  Result<void> done = commit([&] { changed = (features.*put)(id, feature_hash(market_id), rows); });
  if (!done) return std::unexpected(done.error());
  return changed;
}

Result<void> JournalWriter::write(std::span<const Event> groups) {
  if (groups.empty()) return {};
  Implementation& self = *implementation_;
  Result<void> written = self.commit(std::ranges::any_of(groups, must_last), [&] {
    for (const Event& event : groups) self.write(event);
    self.replace_trades();
    const auto last_head =
        std::find_if(groups.rbegin(), groups.rend(), [](const Event& event) { return event.is_head(); });
    if (last_head != groups.rend()) self.sql.stream_last.bind(last_head->sequence).run();
  });
  if (!written) self.replacement.forget();
  return written;
}

std::int64_t JournalWriter::trades_replaced() const { return implementation_->replacement.replaced(); }

bool JournalWriter::take_replaced(MarketId market) {
  std::vector<bool>& noted = implementation_->noted;
  const bool replaced = noted[index_of(market)];
  noted[index_of(market)] = false;
  return replaced;
}

Result<void> JournalWriter::promote(const ModelRecord& model, const std::string& why, Timestamp decided) {
  Implementation& self = *implementation_;
  return self.commit(true, [&] {
    self.write_model(model, 0);
    self.make_champion(model.name, why, decided, 0);
  });
}

Result<void> JournalWriter::challenge(const ModelRecord& model) {
  Implementation& self = *implementation_;
  return self.commit(true, [&] {
    self.write_model(model, 0);
    self.sql.alias.bind("challenger", model.name).run();
  });
}

Result<std::int64_t> JournalWriter::revise_candles(MarketId market, std::span<const Candle> candles) {
  Implementation& self = *implementation_;
  std::int64_t revised = 0;
  Result<void> done = self.commit([&] {
    for (const Candle& candle : candles) {
      if (!self.revise(market, candle)) continue;
      if (revised++ == 0) self.features.note_due(self.markets[index_of(market)], candle.open_time);
    }
  });
  if (!done) return std::unexpected(done.error());
  return revised;
}

Result<void> JournalWriter::revision_done(MarketId market) {
  Implementation& self = *implementation_;
  return self.commit([&] { self.sql.done.bind(self.markets[index_of(market)]).run(); });
}

Result<std::int64_t> JournalWriter::replace_features(MarketId market, std::span<const StoredFeatures> rows) {
  return implementation_->put_features(market, rows, &FeatureRows::replace);
}

Result<std::int64_t> JournalWriter::refresh_features(MarketId market, std::span<const StoredFeatures> rows) {
  return implementation_->put_features(market, rows, &FeatureRows::refresh);
}

Result<void> JournalWriter::record_run(const RunRecord& run) {
  Connection& connection = implementation_->connection;
  return implementation_->commit([&] {
    Statement add(connection, "INSERT INTO run (sequence, version, config) VALUES (?,?,?)");
    add.bind(run.sequence, run.version, run.config).run();
    Statement state(connection, "INSERT INTO run_state VALUES ((SELECT max(id) FROM run),?,?)");
    Implementation& self = *implementation_;
    self.sql.clear_checkpoint.run();
    for (const RunState& one : run.states) {
      if (one.reset) state.bind(one.station, Statement::as_blob(one.state)).run();
      self.sql.checkpoint.bind(one.station, Statement::as_blob(one.state)).run();
    }
    self.sql.stream_checkpoint.bind(run.sequence).run();
  });
}

const FeatureListRecord& JournalWriter::feature_list(MarketId market) const {
  return implementation_->settings.features[index_of(market)];
}

Result<void> JournalWriter::features_due(MarketId market, Timestamp from) {
  return implementation_->commit(
      [&] { implementation_->features.note_due(implementation_->markets[index_of(market)], from); });
}

std::optional<Timestamp> JournalWriter::take_features_due(MarketId market) {
  try {
    return implementation_->features.take_due(implementation_->markets[index_of(market)]);
  } catch (const SqliteError& error) {
    throw StoreError(error.what());
  }
}

Result<void> JournalWriter::features_refreshed(MarketId market) {
  return implementation_->commit([&] { implementation_->features.done(implementation_->markets[index_of(market)]); });
}

Result<void> JournalWriter::features_done(MarketId market, Timestamp from) {
  Implementation& self = *implementation_;
  return self.commit([&] {
    const std::int64_t id = self.markets[index_of(market)];
    Statement done(self.connection, "INSERT OR REPLACE INTO feature_rows VALUES (?, ?)");
    done.bind(id, self.feature_hash(market)).run();
    Statement here(self.connection,
                   "UPDATE record_bounds SET features_pruned_before = nullif(min(features_pruned_before, ?2), ?3) "
                   "WHERE market = ?1");
    here.bind(id, from.ns, INT64_MIN).run();
    self.features.done(id);
  });
}

Result<void> JournalWriter::forget_state(const std::string& station) {
  Connection& connection = implementation_->connection;
  return implementation_->commit([&] {
    Statement forget(connection, "DELETE FROM checkpoint WHERE station = ?");
    forget.bind(station).run();
  });
}

}  // namespace candled::store
