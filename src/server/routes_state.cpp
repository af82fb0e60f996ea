// How things stand: health, metrics, status, markets, strategies.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "candled/domain/fixed_point.hpp"
#include "candled/flow/clock.hpp"
#include "server/figures.hpp"
#include "server/journal_metrics.hpp"
#include "server/json.hpp"
#include "server/metrics_text.hpp"
#include "server/routes.hpp"
#include "server/status_text.hpp"

namespace candled::server {
namespace {

std::optional<std::string> feed_state(const Health& health, std::string_view market) {
  for (const MarketFeed& one : health.markets) {
    if (one.market == market) return one.feed;
  }
  return std::nullopt;
}

void write_market(JsonWriter& json, const store::MarketSummary& m, const store::ViewRows& last_candle,
                  const Health& health) {
  json.begin_object()
      .member("market", m.market)
      .member("interval", to_text(m.interval))
      .member("feed", feed_state(health, m.market));
  json.member("first_trade_id", m.first_trade_id)
      .member("last_trade_id", m.last_trade_id)
      .member("last_trade_time", m.last_trade_time);
  json.member("first_candle_open_time", m.first_candle).key("last_candle");
  if (last_candle.count() > 0) {
    json.begin_object();
    write_members(json, last_candle, 0);
    json.end_object();
  } else {
    json.value(nullptr);
  }
  json.member("fills", m.fills).member("open_gaps", m.open_gaps).end_object();
}

void write_account(JsonWriter& json, const store::AccountSummary& a) {
  const bool traded = a.first_time.ns != 0;
  const auto when = [&](Timestamp time) { return traded ? std::optional(time) : std::nullopt; };
  const auto exact = [&](std::string_view name, const auto& number) {
    json.key(name).json(traded ? number.to_text() : std::string("null"));
  };
  const auto growth = [&](const auto& from, const auto& to) {
    return from.is_positive() && traded ? to.to_usual_units() / from.to_usual_units() - 1 : std::nan("");
  };
  json.begin_object().member("strategy", a.strategy).member("kind", a.kind).member("market", a.market);
  json.member("since", when(a.first_time)).member("time", when(a.last_time));
  exact("cash", a.cash);
  exact("position", a.position);
  exact("price", a.price);
  exact("equity", a.equity);
  exact("starting_equity", a.first_equity);
  exact("starting_price", a.first_price);
  json.member("return", growth(a.first_equity, a.equity)).member("buy_and_hold_return", growth(a.first_price, a.price));
  json.member("drawdown", a.drawdown).member("drawdown_max", a.drawdown_max).member("fills", a.fills);
  json.key("fees").json(a.fees.to_text()).member("complete", a.complete).end_object();
}

}  // namespace

std::string reason_text(const HealthReason& reason) { return reason.word + ": " + reason.text; }

void write_health(JsonWriter& json, const Health& health) {
  const bool ok = health.reasons.empty();
  json.member("status", ok ? "ok" : "unhealthy")
      .member("problem", ok ? std::nullopt : std::optional(reason_text(health.reasons.front())));
  json.key("reasons").begin_array();
  for (const HealthReason& one : health.reasons) json.value(reason_text(one));
  json.end_array().key("problems").begin_array();
  for (const HealthReason& one : health.reasons) {
    json.begin_object().member("reason", one.word);
    json.member("market", one.market.empty() ? std::nullopt : std::optional(one.market)).member("text", one.text);
    json.end_object();
  }
  json.end_array().key("feed").begin_array();
  for (const MarketFeed& one : health.markets)
    json.begin_object().member("market", one.market).member("state", one.feed).end_object();
  json.end_array().key("markets").begin_array();
  for (const MarketFeed& one : health.markets)
    json.begin_object().member("market", one.market).member("state", one.state).end_object();
  json.end_array();
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
    health.tell("model_old", fmt::format("the model is {:.0f} minutes old", health.model_age_s / 60));
  }
  return health;
}

Response Routes::health(const Call&) {
  Health health = health_now();
  const Result<store::LastCommit> last = journal_.last_commit();
  if (!last) health.tell("database", last.error().message);
  const auto known = [](double value) { return value < 0 ? std::nullopt : std::optional(value); };
  return {
      health.reasons.empty() ? 200u : 503u, json_body([&](JsonWriter& json) {
        write_health(json, health);
        json.key("exchanges").begin_array();
        for (const ExchangeFeed& one : health.exchanges) {
          json.begin_object().member("exchange", one.exchange).member("connections", one.connections);
          json.member("silence_s", known(one.silence_s)).end_object();
        }
        json.end_array();
        json.member("last_sequence", last ? std::optional(last->sequence) : std::nullopt);
        json.member("last_commit", last ? last->written : std::nullopt).member("feed_age_s", known(health.feed_age_s));
        json.member("writer_lag_s", known(health.writer_lag_s)).member("model_age_s", known(health.model_age_s));
        json.member("disk_free_bytes", known(health.disk_free_bytes));
      })};
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
    const StatusFacts facts{
        settings_.version, settings_.simulated, now - started_, health, *summary, *last, sizes, watch_};
    return {200, status_text(facts), "text/plain; charset=utf-8"};
  }
  std::vector<store::ViewRows> candles;
  for (const store::MarketSummary& market : summary->markets) {
    Result<store::ViewRows> candle = journal_.rows(store::View::candles, {market.market, "", 1});
    if (!candle) return journal_error(candle.error());
    candles.push_back(*std::move(candle));
  }
  return {200, json_body([&](JsonWriter& json) {
            json.member("version", settings_.version)
                .member("simulated", settings_.simulated)
                .member("paused", summary->paused);
            json.member("started", started_).member("uptime_s", (now - started_) / Duration::seconds(1));
            json.member("last_sequence", last->sequence)
                .member("last_commit", last->written)
                .member("champion", summary->champion);
            json.member("champion_created", summary->champion_created).member("models", summary->models);
            json.member("database_bytes", sizes.database).member("write_ahead_log_bytes", sizes.write_ahead_log);
            json.key("health").begin_object();
            write_health(json, health);
            json.end_object().key("markets").begin_array();
            for (std::size_t i = 0; i < candles.size(); ++i)
              write_market(json, summary->markets[i], candles[i], health);
            json.end_array();
            write_figures(json, sources_.metrics());
          })};
}

Response Routes::markets(const Call&) {
  const Result<store::JournalSummary> summary = journal_.summary();
  if (!summary) return journal_error(summary.error());
  const Health health = health_now();
  return {200, json_body([&](JsonWriter& json) {
            json.key("markets").begin_array();
            for (const Market& market : settings_.markets) {
              const auto stored = std::ranges::find(summary->markets, market.name(), &store::MarketSummary::market);
              const store::MarketSummary m = stored == summary->markets.end() ? store::MarketSummary{} : *stored;
              json.begin_object()
                  .member("market", market.name())
                  .member("exchange", market.exchange)
                  .member("symbol", market.symbol);
              json.member("interval", to_text(market.interval)).member("feed", feed_state(health, market.name()));
              json.member("simulated", settings_.simulated).member("first_candle_open_time", m.first_candle);
              json.member("last_candle_open_time", m.last_candle).member("last_trade_id", m.last_trade_id);
              json.member("last_trade_time", m.last_trade_time).end_object();
            }
            json.end_array();
          })};
}

Response Routes::strategies(const Call&) {
  constexpr std::int64_t rows_now = 5'000;  // what came since the last look, and a part of a long past
  const Result<std::vector<store::AccountSummary>> accounts = journal_.accounts(rows_now);
  if (!accounts) return journal_error(accounts.error());
  return {200, json_body([&](JsonWriter& json) {
            json.key("strategies").begin_array();
            for (const store::AccountSummary& account : *accounts) write_account(json, account);
            json.end_array();
          })};
}

Response Routes::config(const Call&) {
  return {200, json_body([&](JsonWriter& json) { json.key("config").json(settings_.config_json); })};
}

Response Routes::stream(const Call&) {
  Response response{200, "", "text/event-stream"};
  response.event_stream = true;
  return response;
}

}  // namespace candled::server
