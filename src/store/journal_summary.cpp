#include "store/journal_summary.hpp"

#include <sys/stat.h>

#include <algorithm>

namespace candled::store {
namespace {

MarketSummary summary_of(ViewConnection& connection, const StoredMarket& stored) {
  MarketSummary summary;
  const std::int64_t market = stored.id;
  summary.market = stored.name;
  summary.interval = stored.interval;
  // Ids below zero were made for files that have none.
  summary.first_trade_id = connection.integer(
      "SELECT trade_id FROM trade WHERE market = ? AND trade_id > 0 ORDER BY trade_id LIMIT 1", market);
  summary.last_trade_id = connection.integer(
      "SELECT trade_id FROM trade WHERE market = ? AND trade_id > 0 ORDER BY trade_id DESC LIMIT 1", market);
  summary.last_trade_time =
      connection.time("SELECT time FROM trade WHERE market = ? ORDER BY trade_id DESC LIMIT 1", market);
  summary.first_candle =
      connection.time("SELECT open_time FROM candle WHERE market = ? ORDER BY open_time LIMIT 1", market);
  summary.last_candle =
      connection.time("SELECT open_time FROM candle WHERE market = ? ORDER BY open_time DESC LIMIT 1", market);
  // Fills are numbered from 1 in each strategy, so the last numbers say how many there are.
  summary.fills =
      connection
          .integer(
              "SELECT sum((SELECT max(f.number) FROM fill f WHERE f.strategy = s.id AND f.market = ?)) FROM strategy s",
              market)
          .value_or(0);
  summary.open_gaps =
      connection.integer("SELECT count(*) FROM hole WHERE market = ? AND filled IS NULL", market).value_or(0);
  return summary;
}

std::optional<Timestamp> last_write(const std::string& file) {
  struct stat status{};
  if (::stat(file.c_str(), &status) != 0) return std::nullopt;
  return Timestamp{status.st_mtim.tv_sec * Duration::seconds(1).ns + status.st_mtim.tv_nsec};
}

}  // namespace

JournalSummary read_summary(ViewConnection& connection) {
  JournalSummary summary;
  for (const StoredMarket& market : connection.markets()) summary.markets.push_back(summary_of(connection, market));
  Statement champion(
      connection.sql(),
      "SELECT a.model, o.created FROM model_alias a LEFT JOIN model o ON o.name = a.model WHERE a.alias = 'champion'");
  while (champion.next()) {
    summary.champion = std::string(champion.text(0));
    if (!champion.is_null(1)) summary.champion_created = Timestamp{champion.integer(1)};
  }
  summary.models = connection.sql().query_integer("SELECT count(*) FROM model");
  summary.paused = connection.sql().query_integer(
                       "SELECT coalesce((SELECT paused FROM pause ORDER BY sequence DESC LIMIT 1), 0)") != 0;
  return summary;
}

LastCommit read_last_commit(ViewConnection& connection) {
  LastCommit last;
  last.sequence = connection.sql().query_integer("SELECT last_sequence FROM stream");
  last.written = std::max(last_write(connection.path()), last_write(connection.path() + "-wal"));
  return last;
}

}  // namespace candled::store
