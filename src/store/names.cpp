#include "store/names.hpp"

#include <fmt/format.h>

namespace candled::store {

std::vector<std::int64_t> find_markets(Connection& connection, const MarketTable& markets) {
  std::vector<std::int64_t> ids;
  Statement find(connection, "SELECT id FROM market WHERE name = ?");
  for (const Market& market : markets) {
    find.bind(market.name());
    std::int64_t id = 0;
    while (find.next()) id = find.integer(0);
    ids.push_back(id);
  }
  return ids;
}

std::vector<std::int64_t> register_markets(Connection& connection, const MarketTable& markets) {
  Statement insert(connection, "INSERT OR IGNORE INTO market (name, interval_ns) VALUES (?, ?)");
  Statement stored(connection, "SELECT interval_ns FROM market WHERE name = ?");
  for (const Market& market : markets) {
    insert.bind(market.name(), market.interval.ns).run();
    stored.bind(market.name());
    while (stored.next()) {
      const Duration interval{stored.integer(0)};
      if (interval != market.interval) {
        throw StoreError(fmt::format(
            "database {} holds {} candles of {}, the config asks for {}: use another [storage] path or that interval",
            connection.path(), to_text(interval), market.name(), to_text(market.interval)));
      }
    }
  }
  return find_markets(connection, markets);
}

std::vector<std::int64_t> register_strategies(Connection& connection, const std::vector<StrategyName>& strategies) {
  std::vector<std::int64_t> ids;
  Statement upsert(
      connection,
      "INSERT INTO strategy (name, kind) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET kind = excluded.kind");
  Statement find(connection, "SELECT id FROM strategy WHERE name = ?");
  for (const StrategyName& strategy : strategies) {
    upsert.bind(strategy.name, strategy.kind).run();
    find.bind(strategy.name);
    while (find.next()) ids.push_back(find.integer(0));
  }
  return ids;
}

}  // namespace candled::store
