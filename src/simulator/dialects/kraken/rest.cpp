#include "simulator/dialects/kraken/rest.hpp"

#include <algorithm>
#include <charconv>

#include "simulator/dialects/kraken/rest_pages.hpp"

namespace candled::simulator::kraken {
namespace {

std::optional<std::int64_t> whole(std::optional<std::string_view> text, std::int64_t otherwise) {
  if (!text) return otherwise;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size()) return std::nullopt;
  return value;
}

struct Listed {
  Pair pair;
  const History* history;
};

Listed listed(const SimulatedMarket& market) {
  Pair pair = pair_of(market.instrument.symbol).value();
  pair.instrument = market.instrument;
  return {std::move(pair), &market.history};
}

std::optional<Listed> find_market(const Scene& scene, std::string_view name) {
  for (const SimulatedMarket& market : scene.markets) {
    if (Listed found = listed(market); is_called(found.pair, name)) return found;
  }
  return std::nullopt;
}

std::string trades(const RestCall& call, const Listed& market) {
  TradesQuery query;
  if (const auto since = call.target.get("since"); since && !since->empty()) {
    query.since = parse_since(*since);
    if (!query.since) return error_page("EGeneral:Invalid arguments:since");
  }
  const std::optional<std::int64_t> count = whole(call.target.get("count"), 1000);
  if (!count || *count < 1 || *count > 1000) return error_page("EGeneral:Invalid arguments:count");
  query.count = static_cast<std::size_t>(*count);
  const PageFaults faults = call.faults.strike_page(call.wall);
  if (faults.rows_max) query.count = std::min(query.count, *faults.rows_max);
  if (faults.lag) query.known_until = call.scene.now - *faults.lag;
  if (faults.oldest) query.since = Timestamp{};
  query.wrong_last = faults.wrong_cursor;
  query.inclusive = faults.inclusive;
  return trades_page(*market.history, market.pair, query);
}

std::string bars(const RestCall& call, const Listed& market) {
  const std::optional<std::int64_t> interval = whole(call.target.get("interval"), 1);
  const std::optional<std::int64_t> since = whole(call.target.get("since"), 0);
  if (!interval || !since) return error_page("EGeneral:Invalid arguments");
  return ohlc_page(*market.history, market.pair, call.scene.now, *interval, *since)
      .value_or(error_page("EGeneral:Invalid arguments:interval"));
}

std::string asset_pairs(const RestCall& call) {
  std::vector<Pair> pairs;
  std::string_view wanted = call.target.get("pair").value_or("");
  if (wanted.empty()) {
    for (const SimulatedMarket& market : call.scene.markets) pairs.push_back(listed(market).pair);
  }
  while (!wanted.empty()) {
    const std::size_t comma = wanted.find(',');
    std::optional<Listed> market = find_market(call.scene, wanted.substr(0, comma));
    if (!market) return error_page("EQuery:Unknown asset pair");
    pairs.push_back(std::move(market->pair));
    wanted = comma == std::string_view::npos ? std::string_view{} : wanted.substr(comma + 1);
  }
  return asset_pairs_page(pairs);
}

}  // namespace

std::string rest_body(const RestCall& call) {
  if (!call.within_limits) return error_page("EAPI:Rate limit exceeded");
  const std::string_view method = std::string_view(call.target.path).substr(rest_root.size());
  if (method == "Time") return time_page(call.scene.now);
  if (method == "SystemStatus")
    return system_status_page(call.scene.maintenance ? "maintenance" : "online", call.scene.now);
  if (method == "AssetPairs") return asset_pairs(call);
  if (method != "Trades" && method != "OHLC") return error_page("EGeneral:Unknown method");
  const std::optional<std::string_view> pair = call.target.get("pair");
  if (!pair) return error_page("EGeneral:Invalid arguments");
  const std::optional<Listed> market = find_market(call.scene, *pair);
  if (!market) return error_page("EQuery:Unknown asset pair");
  return method == "Trades" ? trades(call, *market) : bars(call, *market);
}

}  // namespace candled::simulator::kraken
