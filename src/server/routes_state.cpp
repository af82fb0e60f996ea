// How things stand: health, metrics, status, markets, strategies.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "candled/domain/fixed_point.hpp"
#include "candled/flow/clock.hpp"
#include "server/journal_metrics.hpp"
#include "server/json.hpp"
#include "server/metrics_text.hpp"
#include "server/routes.hpp"
#include "server/status_text.hpp"

namespace candled::server {
namespace {

std::string feed_json(const std::vector<MarketFeed>& markets) {
  std::string out;
  for (const MarketFeed& market : markets) {
    out += fmt::format("{}{{\"market\":{},\"state\":{}}}", out.empty() ? "" : ",", json_text(market.market), json_text(market.state));
  }
  return "[" + out + "]";
}

std::string reasons_json(const std::vector<std::string>& reasons) {
  std::string out;
  for (const std::string& reason : reasons) out += (out.empty() ? "" : ",") + json_text(reason);
  return "[" + out + "]";
}

std::string feed_state(const Health& health, std::string_view market) {
  for (const MarketFeed& one : health.markets) {
    if (one.market == market) return json_text(one.state);
  }
  return "null";
}

std::string market_json(const store::MarketSummary& m, const store::ViewRows& last_candle, const Health& health) {
  const std::string candle = last_candle.count() > 0 ? "{" + json_members(last_candle, 0) + "}" : "null";
  return fmt::format(
      "{{\"market\":{},\"interval\":{},\"feed\":{},\"first_trade_id\":{},\"last_trade_id\":{},\"last_trade_time\":{},"
      "\"first_candle_open_time\":{},\"last_candle\":{},\"fills\":{},\"open_gaps\":{}}}",
      json_text(m.market), json_text(to_text(m.interval)), feed_state(health, m.market), json_number(m.first_trade_id),
      json_number(m.last_trade_id), json_time(m.last_trade_time), json_time(m.first_candle), candle, m.fills,
      m.open_gaps);
}

std::string account_json(const store::AccountSummary& a) {
  const bool traded = a.first_time.ns != 0;
  const auto money = [&](std::int64_t units) { return traded ? decimal_text(units, Money::decimals) : std::string("null"); };
  const auto price = [&](std::int64_t units) { return traded ? decimal_text(units, Price::decimals) : std::string("null"); };
  const auto growth = [&](std::int64_t from, std::int64_t to) {
    return json_real(from > 0 && traded ? static_cast<double>(to) / static_cast<double>(from) - 1 : std::nan(""));
  };
  return fmt::format(
      "{{\"strategy\":{},\"kind\":{},\"market\":{},\"since\":{},\"time\":{},\"cash\":{},\"position\":{},\"price\":{},\"equity\":{},"
      "\"starting_equity\":{},\"starting_price\":{},\"return\":{},\"buy_and_hold_return\":{},\"drawdown\":{},\"drawdown_max\":{},"
      "\"fills\":{},\"fees\":{},\"complete\":{}}}",
      json_text(a.strategy), json_text(a.kind), json_text(a.market), traded ? json_time(a.first_time) : "null",
      traded ? json_time(a.last_time) : "null", money(a.cash), money(a.position), price(a.price), money(a.equity), money(a.first_equity),
      price(a.first_price), growth(a.first_equity, a.equity), growth(a.first_price, a.price), json_real(a.drawdown),
      json_real(a.drawdown_max), a.fills, decimal_text(a.fees, Money::decimals), a.complete);
}

}  // namespace

std::string health_json(const Health& health) {
  const bool ok = health.reasons.empty();
  return fmt::format("\"status\":{},\"problem\":{},\"reasons\":{},\"feed\":{}", ok ? "\"ok\"" : "\"unhealthy\"",
                     ok ? "null" : json_text(health.reasons.front()), reasons_json(health.reasons), feed_json(health.markets));
}

Health Routes::health_now() const {
  Health health = sources_.health();
  if (!watch_.champion_created()) return health;
  Timestamp newest_end;
  for (const store::MarketSummary& market : watch_.markets()) {
    if (market.last_candle) newest_end = std::max(newest_end, *market.last_candle + market.interval);
  }
  const Duration age = newest_end - *watch_.champion_created();
  health.model_age_s = std::max(0.0, static_cast<double>(age.ns) / 1e9);
  if (settings_.model_age_max > Duration{} && age > settings_.model_age_max) {
    health.reasons.push_back(fmt::format("the model is {:.0f} minutes old", health.model_age_s / 60));
  }
  return health;
}

Response Routes::health(const Call&) {
  Health health = health_now();
  const Result<store::LastCommit> last = journal_.last_commit();
  if (!last) health.reasons.push_back(last.error().message);
  const auto known = [](double value) { return value < 0 ? std::string("null") : fmt::format("{}", value); };
  std::string exchanges;
  for (const ExchangeFeed& one : health.exchanges) {
    exchanges += fmt::format("{}{{\"exchange\":{},\"connections\":{},\"silence_s\":{}}}", exchanges.empty() ? "" : ",", json_text(one.exchange),
                             one.connections, known(one.silence_s));
  }
  return {health.reasons.empty() ? 200u : 503u,
          fmt::format("{{{},\"exchanges\":[{}],\"last_sequence\":{},\"last_commit\":{},\"feed_age_s\":{},\"writer_lag_s\":{},\"model_age_s\":{},"
                      "\"disk_free_bytes\":{}}}\n",
                      health_json(health), exchanges, json_number(last ? std::optional(last->sequence) : std::nullopt),
                      json_time(last ? last->written : std::nullopt), known(health.feed_age_s), known(health.writer_lag_s),
                      known(health.model_age_s), known(health.disk_free_bytes))};
}

Response Routes::metrics(const Call&) {
  std::vector<Metric> all = sources_.metrics();
  for (Metric& metric : journal_metrics(watch_, journal_.file_sizes())) all.push_back(std::move(metric));
  for (Metric& metric : http_metrics(http_)) all.push_back(std::move(metric));
  return {200, metrics_text(all), metrics_content_type};
}

Response Routes::status(const Call& call) {
  const Result<store::JournalSummary> summary = journal_.summary();
  if (!summary) return journal_error(summary.error());
  const Result<store::LastCommit> last = journal_.last_commit();
  if (!last) return journal_error(last.error());
  const Health health = health_now();
  const store::ViewReader::FileSizes sizes = journal_.file_sizes();
  const Timestamp now = flow::wall_now();
  if (call.request.accept.starts_with("text/plain")) {
    const StatusFacts facts{settings_.version, settings_.simulated, now - started_, health, *summary, *last, sizes, watch_};
    return {200, status_text(facts), "text/plain; charset=utf-8"};
  }
  std::string list;
  for (const store::MarketSummary& market : summary->markets) {
    const Result<store::ViewRows> candle = journal_.rows(store::View::candles, {market.market, "", 1});
    if (!candle) return journal_error(candle.error());
    list += (list.empty() ? "" : ",") + market_json(market, *candle, health);
  }
  return {200, fmt::format("{{\"version\":{},\"simulated\":{},\"paused\":{},\"started\":{},\"uptime_s\":{},\"last_sequence\":{},\"last_commit\":{},"
                           "\"champion\":{},\"champion_created\":{},\"models\":{},\"database_bytes\":{},\"write_ahead_log_bytes\":{},"
                           "\"health\":{{{}}},\"markets\":[{}]}}\n",
                           json_text(settings_.version), settings_.simulated, summary->paused, json_time(started_), (now - started_).ns / 1'000'000'000,
                           last->sequence, json_time(last->written), summary->champion ? json_text(*summary->champion) : "null",
                           json_time(summary->champion_created), summary->models, sizes.database, sizes.write_ahead_log,
                           health_json(health), list)};
}

Response Routes::markets(const Call&) {
  const Result<store::JournalSummary> summary = journal_.summary();
  if (!summary) return journal_error(summary.error());
  const Health health = health_now();
  std::string list;
  for (const Market& market : settings_.markets) {
    const auto stored = std::ranges::find(summary->markets, market.name(), &store::MarketSummary::market);
    const store::MarketSummary none{};
    const store::MarketSummary& m = stored == summary->markets.end() ? none : *stored;
    list += fmt::format(
        "{}{{\"market\":{},\"exchange\":{},\"symbol\":{},\"interval\":{},\"feed\":{},\"simulated\":{},\"first_candle_open_time\":{},"
        "\"last_candle_open_time\":{},\"last_trade_id\":{},\"last_trade_time\":{}}}",
        list.empty() ? "" : ",", json_text(market.name()), json_text(market.exchange), json_text(market.symbol),
        json_text(to_text(market.interval)), feed_state(health, market.name()), settings_.simulated, json_time(m.first_candle),
        json_time(m.last_candle), json_number(m.last_trade_id), json_time(m.last_trade_time));
  }
  return {200, fmt::format("{{\"markets\":[{}]}}\n", list)};
}

Response Routes::strategies(const Call&) {
  constexpr std::int64_t rows_now = 5'000;  // what came since the last look, and a part of a long past
  const Result<std::vector<store::AccountSummary>> accounts = journal_.accounts(rows_now);
  if (!accounts) return journal_error(accounts.error());
  std::string list;
  for (const store::AccountSummary& account : *accounts) list += (list.empty() ? "" : ",") + account_json(account);
  return {200, fmt::format("{{\"strategies\":[{}]}}\n", list)};
}

Response Routes::config(const Call&) { return {200, fmt::format("{{\"config\":{}}}\n", settings_.config_json)}; }

Response Routes::stream(const Call&) {
  Response response{200, "", "text/event-stream"};
  response.event_stream = true;
  return response;
}

}  // namespace candled::server
