#include "server/journal_metrics.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "candled/domain/fixed_point.hpp"
#include "candled/flow/clock.hpp"

namespace candled::server {
namespace {

constexpr auto gauge = MetricKind::gauge;

// A family with a sample for each account.
Metric by_account(const char* name, const char* help, MetricKind kind, const JournalWatch& watch,
                  double (*value)(const store::AccountSummary&)) {
  Metric metric{name, help, kind, {}};
  for (const store::AccountSummary& account : watch.accounts()) {
    if (account.first_time.ns == 0) continue;
    metric.samples.push_back({{{"strategy", account.strategy}, {"market", account.market}}, value(account), {}});
  }
  return metric;
}

Metric by_score(const char* name, const char* help, const JournalWatch& watch,
                double (*value)(const store::PredictionScore&)) {
  Metric metric{name, help, gauge, {}};
  for (const store::PredictionScore& score : watch.scores()) {
    if (score.count > 0) metric.samples.push_back({{{"market", score.market}}, value(score), {}});
  }
  return metric;
}

}  // namespace

std::vector<Metric> journal_metrics(const JournalWatch& watch, const store::ViewReader::FileSizes& sizes) {
  std::vector<Metric> all{
      gauge_metric("candled_database_bytes", "Size of the database file", static_cast<double>(sizes.database)),
      gauge_metric("candled_write_ahead_log_bytes", "Size of its write-ahead log",
                   static_cast<double>(sizes.write_ahead_log)),
      by_account("candled_strategy_equity", "Cash and position at the last close, in the quote currency", gauge, watch,
                 [](const auto& a) { return a.equity.to_double(); }),
      by_account("candled_strategy_position", "Held, in the base currency", gauge, watch,
                 [](const auto& a) { return a.position.to_double(); }),
      by_account("candled_strategy_cash", "In the quote currency", gauge, watch,
                 [](const auto& a) { return a.cash.to_double(); }),
      by_account("candled_strategy_fees_total", "Fees paid, in the quote currency", MetricKind::counter, watch,
                 [](const auto& a) { return a.fees.to_double(); }),
      by_account("candled_strategy_fills_total", "Paper orders filled", MetricKind::counter, watch,
                 [](const auto& a) { return static_cast<double>(a.fills); }),
      by_account("candled_strategy_drawdown_ratio", "Below the highest equity so far, 0 to 1", gauge, watch,
                 [](const auto& a) { return a.drawdown; }),
      by_account("candled_strategy_drawdown_max_ratio", "The largest so far, 0 to 1", gauge, watch,
                 [](const auto& a) { return a.drawdown_max; }),
      by_score("candled_live_outcomes", "Predictions with a known outcome in the live figures, 1000 at most", watch,
               [](const auto& s) { return static_cast<double>(s.count); }),
      by_score("candled_live_accuracy_ratio", "Of the last predictions with a known outcome, those that were right",
               watch, [](const auto& s) { return static_cast<double>(s.hits) / static_cast<double>(s.count); }),
      by_score("candled_live_brier_score", "Mean squared error of their probabilities; 0.25 is a coin's", watch,
               [](const auto& s) { return s.brier; }),
  };
  Metric last_candle{
      "candled_last_candle_timestamp_seconds", "End of the newest candle, by the exchange's clock", gauge, {}};
  for (const store::MarketSummary& market : watch.markets()) {
    if (!market.last_candle) continue;
    const double end_s = static_cast<double>((*market.last_candle + market.interval).ns) / 1e9;
    last_candle.samples.push_back({{{"market", market.market}}, end_s, {}});
  }
  all.push_back(std::move(last_candle));
  if (const auto created = watch.champion_created()) {
    all.push_back(gauge_metric("candled_model_created_timestamp_seconds",
                               "When the champion was made, by the exchange's clock",
                               static_cast<double>(created->ns) / 1e9));
  }
  return all;
}

std::vector<Metric> http_metrics(const HttpStatistics& http) {
  Metric responses{"candled_http_responses_total", "Answers given, by status", MetricKind::counter, {}};
  for (const auto& [status, count] : http.responses) {
    responses.samples.push_back({{{"code", fmt::format("{}", status)}}, static_cast<double>(count), {}});
  }
  return {std::move(responses),
          gauge_metric("candled_http_connections", "Open connections", static_cast<double>(http.connections)),
          counter_metric("candled_http_refused_connections_total", "Connections closed because there were too many",
                         http.refused_connections),
          counter_metric("candled_http_evicted_connections_total", "Waiting connections closed to make room",
                         http.evicted_connections),
          counter_metric("candled_http_limited_requests_total", "Requests refused because an address made too many",
                         http.limited_requests),
          gauge_metric("candled_http_streams", "Open event streams", static_cast<double>(http.streams)),
          counter_metric("candled_http_dropped_streams_total",
                         "Event streams closed because their client read too slowly", http.dropped_streams),
          counter_metric("candled_http_stream_events_total", "Events made for the streams", http.stream_events)};
}

}  // namespace candled::server
