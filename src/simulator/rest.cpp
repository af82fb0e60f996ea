#include "simulator/rest.hpp"

#include <charconv>

#include <fmt/format.h>

#include "simulator/query.hpp"
#include "simulator/rest_pages.hpp"

namespace candled::simulator {
namespace {

constexpr std::string_view html_body =
    "<!DOCTYPE html><html><head><title>api.kraken.com | 520: Web server is returning an unknown error</title></head>"
    "<body><h1>Error 520</h1></body></html>";

std::optional<std::int64_t> whole(std::optional<std::string_view> text, std::int64_t otherwise) {
  if (!text) return otherwise;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size()) return std::nullopt;
  return value;
}

const SimulatedMarket* find_market(const Exchange& exchange, std::string_view name) {
  for (const SimulatedMarket& market : exchange.markets()) {
    if (is_called(market.pair, name)) return &market;
  }
  return nullptr;
}

std::string trades(Exchange& exchange, const Target& target, const SimulatedMarket& market, Duration wall) {
  TradesQuery query;
  if (const auto since = target.get("since"); since && !since->empty()) {
    query.since = parse_since(*since);
    if (!query.since) return error_page("EGeneral:Invalid arguments:since");
  }
  const std::optional<std::int64_t> count = whole(target.get("count"), 1000);
  if (!count || *count < 1 || *count > 1000) return error_page("EGeneral:Invalid arguments:count");
  query.count = static_cast<std::size_t>(*count);
  FaultBoard& faults = exchange.faults();
  if (const auto rows = faults.strike_request(FaultKind::rest_short, wall)) {
    query.count = std::min(query.count, static_cast<std::size_t>(*rows));
  }
  if (const auto lag = faults.strike_request(FaultKind::rest_lag, wall)) {
    query.known_until = exchange.now(wall) - Duration::seconds(*lag);
  }
  if (faults.strike_request(FaultKind::rest_repeat, wall)) query.since = Timestamp{};
  query.wrong_last = faults.strike_request(FaultKind::rest_wrong_last, wall).has_value();
  query.inclusive = faults.strike_request(FaultKind::rest_inclusive, wall).has_value();
  return trades_page(market.history, market.pair, query);
}

std::string bars(const Exchange& exchange, const Target& target, const SimulatedMarket& market, Duration wall) {
  const std::optional<std::int64_t> interval = whole(target.get("interval"), 1);
  const std::optional<std::int64_t> since = whole(target.get("since"), 0);
  if (!interval || !since) return error_page("EGeneral:Invalid arguments");
  return ohlc_page(market.history, market.pair, exchange.now(wall), *interval, *since)
      .value_or(error_page("EGeneral:Invalid arguments:interval"));
}

std::string asset_pairs(const Exchange& exchange, const Target& target) {
  std::vector<const Pair*> pairs;
  std::string_view wanted = target.get("pair").value_or("");
  if (wanted.empty()) {
    for (const SimulatedMarket& market : exchange.markets()) pairs.push_back(&market.pair);
  }
  while (!wanted.empty()) {
    const std::size_t comma = wanted.find(',');
    const SimulatedMarket* const market = find_market(exchange, wanted.substr(0, comma));
    if (market == nullptr) return error_page("EQuery:Unknown asset pair");
    pairs.push_back(&market->pair);
    wanted = comma == std::string_view::npos ? std::string_view{} : wanted.substr(comma + 1);
  }
  return asset_pairs_page(pairs);
}

std::string body(Exchange& exchange, const Target& target, Duration wall) {
  const std::string_view call = std::string_view(target.path).substr(std::string_view("/0/public/").size());
  if (call == "Time") return time_page(exchange.now(wall));
  if (call == "SystemStatus") {
    const bool maintenance = exchange.faults().lasts(FaultKind::maintenance, wall);
    return system_status_page(maintenance ? "maintenance" : "online", exchange.now(wall));
  }
  if (call == "AssetPairs") return asset_pairs(exchange, target);
  if (call != "Trades" && call != "OHLC") return error_page("EGeneral:Unknown method");
  const std::optional<std::string_view> pair = target.get("pair");
  if (!pair) return error_page("EGeneral:Invalid arguments");
  const SimulatedMarket* const market = find_market(exchange, *pair);
  if (market == nullptr) return error_page("EQuery:Unknown asset pair");
  return call == "Trades" ? trades(exchange, target, *market, wall) : bars(exchange, target, *market, wall);
}

}  // namespace

HttpAnswer answer_rest(Exchange& exchange, std::string_view target, const std::string& address, Duration wall) {
  ++exchange.statistics().rest_requests;
  FaultBoard& faults = exchange.faults();
  HttpAnswer answer;
  if (faults.strike_request(FaultKind::rest_down, wall)) {
    answer.reset = true;
    return answer;
  }
  if (const auto status = faults.strike_request(FaultKind::rest_error, wall)) {
    return {static_cast<unsigned>(*status), "text/html; charset=UTF-8", std::string(html_body), {}, false};
  }
  if (const auto slow_ms = faults.strike_request(FaultKind::rest_slow, wall))
    answer.delay = Duration::milliseconds(*slow_ms);
  if (faults.strike_request(FaultKind::rest_limit, wall) || !exchange.admission().call(address, wall)) {
    answer.body = error_page("EAPI:Rate limit exceeded");
  } else {
    answer.body = body(exchange, parse_target(target), wall);
  }
  return answer;
}

UpgradeAnswer answer_upgrade(Exchange& exchange, std::string_view target, const std::string& address, Duration wall) {
  UpgradeAnswer answer;
  if (exchange.faults().lasts(FaultKind::cut, wall)) {
    answer.reset = true;
  } else if (const auto status = exchange.faults().amount(FaultKind::ban, wall)) {
    answer.refuse_with = static_cast<unsigned>(*status);
  } else if (!exchange.admission().connect(address, wall)) {
    answer.refuse_with = 429;
  } else if (target != "/v2" && !target.starts_with("/v2?")) {
    answer.refuse_with = 404;
  }
  if (answer.reset || answer.refuse_with != 0) ++exchange.statistics().connections_refused;
  return answer;
}

}  // namespace candled::simulator
