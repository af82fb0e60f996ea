#include "candled/store/backtests.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "candled/store/journal_writer.hpp"
#include "store/exact.hpp"
#include "store/file_lock.hpp"
#include "store/in_transaction.hpp"
#include "store/schema.hpp"
#include "store/sqlite.hpp"

namespace candled::store {
namespace {

constexpr const char* backtest_columns =
    "name, created, version, market, interval_ns, from_time, to_time, model, in_sample, candles_only, gap_share";

// "20260825_041500"
std::string name_of(Timestamp created) {
  const std::string iso = to_iso8601(floor_to(created, Duration::seconds(1)));
  return iso.substr(0, 4) + iso.substr(5, 2) + iso.substr(8, 2) + "_" + iso.substr(11, 2) + iso.substr(14, 2) +
         iso.substr(17, 2);
}

// NULL where a figure is not known.
auto known(double value) { return std::isnan(value) ? std::optional<double>() : std::optional<double>(value); }

class Writer {
 public:
  explicit Writer(const std::filesystem::path& path) : connection_(path, Access::read_write) {
    prepare_schema(connection_, nullptr);
  }

  void write(const BacktestRecord& record, const std::vector<BacktestCurves>& curves) {
    Transaction transaction(connection_);
    Statement backtest(connection_, "INSERT INTO backtest VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)");
    backtest
        .bind(record.name, record.created.ns, record.version, record.market, record.interval.ns, record.from.ns,
              record.to.ns, record.model, std::int64_t{record.in_sample}, std::int64_t{record.candles_only},
              record.gap_share, record.config, record.report)
        .run();
    for (std::size_t i = 0; i < record.strategies.size(); ++i) {
      write_strategy(record.name, static_cast<std::int64_t>(i), record.strategies[i]);
      if (i < curves.size()) write_curves(record.name, static_cast<std::int64_t>(i), curves[i]);
    }
    Statement(connection_, "INSERT INTO backtest_page VALUES (?,?)").bind(record.name, record.page).run();
    transaction.commit();
  }

 private:
  void write_strategy(const std::string& name, std::int64_t position, const BacktestStrategyRecord& s) {
    Statement row(connection_, "INSERT INTO backtest_strategy VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    row.bind(name, position, s.strategy, s.kind, known(s.total_return), known(s.return_low), known(s.return_high),
             known(s.annualised_return), known(s.volatility), known(s.sharpe), known(s.sortino), known(s.calmar),
             known(s.maximum_drawdown), known(s.win_rate), known(s.profit_factor), known(s.exposure), known(s.turnover),
             known(s.fees), known(s.last_equity), s.trades, s.fills)
        .run();
  }
  void write_curves(const std::string& name, std::int64_t position, const BacktestCurves& curves) {
    Statement fill(connection_, "INSERT INTO backtest_fill VALUES (?,?,?,?,?,?,?,?,?,?)");
    for (const Fill& f : *curves.fills) {
      fill.bind(name, position, std::int64_t{f.number}, f.time.ns, f.decided_on.ns, static_cast<std::int64_t>(f.side),
                exact_cell(f.quantity), exact_cell(f.price), exact_cell(f.fee), static_cast<std::int64_t>(f.reason))
          .run();
    }
    Statement point(connection_, "INSERT INTO backtest_equity VALUES (?,?,?,?,?,?,?)");
    for (const EquityPoint& p : *curves.equity) {
      point
          .bind(name, position, p.time.ns, exact_cell(p.cash), exact_cell(p.position), exact_cell(p.price),
                exact_cell(p.equity))
          .run();
    }
  }

  Connection connection_;
};

// The files that may hold results and do hold the tables, opened one after the other.
template <class Work>
void in_each_file(const std::filesystem::path& database, Work work) {
  try {
    for (const std::filesystem::path& path : {database, backtests_beside(database)}) {
      if (!std::filesystem::exists(path)) continue;
      Connection connection(path, Access::read_only);
      check_ours(connection);
      if (connection.query_integer("SELECT count(*) FROM sqlite_schema WHERE name = 'backtest_equity'") > 0)
        work(connection);
    }
  } catch (const SqliteError& error) {
    throw StoreError(error.what());
  }
}

BacktestRecord record_of(const Statement& row) {
  BacktestRecord record;
  record.name = row.text(0);
  record.created.ns = row.integer(1);
  record.version = row.text(2);
  record.market = row.text(3);
  record.interval.ns = row.integer(4);
  record.from.ns = row.integer(5);
  record.to.ns = row.integer(6);
  record.model = row.text(7);
  record.in_sample = row.integer(8) != 0;
  record.candles_only = row.integer(9) != 0;
  record.gap_share = row.real(10);
  return record;
}

double real_or_nan(const Statement& row, int column) { return row.is_null(column) ? std::nan("") : row.real(column); }

void read_strategies(const Connection& connection, BacktestRecord& record) {
  Statement s(connection,
              "SELECT strategy, kind, total_return, return_low, return_high, annualised_return, volatility, sharpe, "
              "sortino, calmar, "
              "maximum_drawdown, win_rate, profit_factor, exposure, turnover, fees, last_equity, trades, fills "
              "FROM backtest_strategy WHERE backtest = ? ORDER BY position");
  s.bind(record.name);
  while (s.next()) {
    BacktestStrategyRecord strategy;
    strategy.strategy = s.text(0);
    strategy.kind = s.text(1);
    int column = 2;
    for (double* figure : {&strategy.total_return, &strategy.return_low, &strategy.return_high,
                           &strategy.annualised_return, &strategy.volatility, &strategy.sharpe, &strategy.sortino,
                           &strategy.calmar, &strategy.maximum_drawdown, &strategy.win_rate, &strategy.profit_factor,
                           &strategy.exposure, &strategy.turnover, &strategy.fees, &strategy.last_equity}) {
      *figure = real_or_nan(s, column++);
    }
    strategy.trades = s.integer(column);
    strategy.fills = s.integer(column + 1);
    record.strategies.push_back(std::move(strategy));
  }
}

bool is_taken(const std::filesystem::path& database, const std::string& name) {
  bool taken = false;
  in_each_file(database, [&](const Connection& connection) {
    Statement s(connection, "SELECT 1 FROM backtest WHERE name = ?");
    s.bind(name);
    while (s.next()) taken = true;
  });
  return taken;
}

}  // namespace

std::filesystem::path backtests_beside(const std::filesystem::path& database) {
  return database.string() + ".backtests.sqlite";
}

Result<std::filesystem::path> write_backtest(const std::filesystem::path& database, BacktestRecord& record,
                                             const std::vector<BacktestCurves>& curves) {
  try {
    Timestamp named = record.created;
    for (record.name = name_of(named); is_taken(database, record.name); record.name = name_of(named))
      named = named + Duration::seconds(1);
    const bool held = !FileLock::held_by(database).empty();
    const std::filesystem::path path = held ? backtests_beside(database) : database;
    const FileLock lock(path);
    Writer(path).write(record, curves);
    return path;
  } catch (const SqliteError& error) {
    return remedy_of(error);
  } catch (const StoreError& error) {
    return retry(error.what());
  }
}

std::vector<BacktestRecord> list_backtests(const std::filesystem::path& database, std::int64_t limit) {
  std::vector<BacktestRecord> all;
  in_each_file(database, [&](const Connection& connection) {
    std::vector<BacktestRecord> found;
    Statement s(connection,
                std::string("SELECT ") + backtest_columns + " FROM backtest ORDER BY created DESC, name DESC LIMIT ?");
    s.bind(limit);
    while (s.next()) found.push_back(record_of(s));
    for (BacktestRecord& record : found) {
      read_strategies(connection, record);
      all.push_back(std::move(record));
    }
  });
  std::ranges::sort(all, std::greater{},
                    [](const BacktestRecord& record) { return std::pair(record.created, record.name); });
  if (all.size() > static_cast<std::size_t>(limit)) all.resize(static_cast<std::size_t>(limit));
  return all;
}

std::optional<BacktestRecord> find_backtest(const std::filesystem::path& database, const std::string& name) {
  std::optional<BacktestRecord> found;
  in_each_file(database, [&](const Connection& connection) {
    Statement s(connection,
                std::string("SELECT ") + backtest_columns + ", config, report FROM backtest WHERE name = ?");
    s.bind(name);
    while (s.next()) {
      found = record_of(s);
      found->config = s.text(11);
      found->report = s.text(12);
    }
    if (found && found->strategies.empty()) read_strategies(connection, *found);
  });
  return found;
}

std::string backtest_page(const std::filesystem::path& database, const std::string& name) {
  std::string page;
  in_each_file(database, [&](Connection& connection) {
    if (connection.query_integer("SELECT count(*) FROM sqlite_schema WHERE name = 'backtest_page'") == 0) return;
    Statement s(connection, "SELECT html FROM backtest_page WHERE backtest = ?");
    s.bind(name);
    while (s.next()) page = s.text(0);
  });
  return page;
}

std::vector<EquityPoint> backtest_equity(const std::filesystem::path& database, const std::string& name,
                                         const std::string& strategy) {
  std::vector<EquityPoint> points;
  in_each_file(database, [&](const Connection& connection) {
    Statement s(connection,
                "SELECT e.time, e.cash, e.quantity, e.price, e.equity FROM backtest_strategy s JOIN backtest_equity e "
                "ON e.backtest = s.backtest AND e.position = s.position WHERE s.backtest = ? AND s.strategy = ? ORDER "
                "BY e.time");
    s.bind(name, strategy);
    while (s.next()) {
      EquityPoint point;
      point.time.ns = s.integer(0);
      point.cash = exact<Money>(s, 1);
      point.position = exact<Amount>(s, 2);
      point.price = exact<Price>(s, 3);
      point.equity = exact<Money>(s, 4);
      points.push_back(point);
    }
  });
  return points;
}

}  // namespace candled::store
