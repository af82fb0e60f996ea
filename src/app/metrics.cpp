#include "app/metrics.hpp"

#include "app/process_metrics.hpp"

#include <utility>

#include "candled/flow/clock.hpp"

namespace candled::app {
namespace {

using ingest::MarketState;
using server::counter_metric;
using server::gauge_metric;
using server::latency_metric;

// One family with a sample for each market.
server::Metric by_market(const char* name, const char* help, server::MetricKind kind, const MarketTable& markets,
                         const ingest::FeedStatistics& feed, std::int64_t (*value)(const ingest::MarketStatistics&)) {
  server::Metric metric{name, help, kind, {}};
  for (const Market& market : markets) {
    metric.samples.push_back({{{"market", market.name()}}, static_cast<double>(value(feed.of(market.id))), {}});
  }
  return metric;
}

// -1: never.
double seconds_since(std::int64_t monotonic_ns) {
  return monotonic_ns == 0 ? -1 : static_cast<double>(flow::monotonic_now().ns - monotonic_ns) / 1e9;
}

// One family with a sample for each exchange.
server::Metric by_exchange(const char* name, const char* help, server::MetricKind kind,
                           const ingest::FeedStatistics& feed, double (*value)(const ingest::ExchangeStatistics&)) {
  server::Metric metric{name, help, kind, {}};
  for (const ingest::ExchangeStatistics& exchange : feed.exchanges) {
    metric.samples.push_back({{{"exchange", exchange.name}}, value(exchange), {}});
  }
  return metric;
}

double count_of(const flow::Counter& counter) { return static_cast<double>(counter.value()); }

// How predictions came out, by model, and how far the champion's world has moved. Nothing before the first outcome.
std::vector<server::Metric> live_metrics(const engine::LiveReport& report) {
  constexpr auto gauge = server::MetricKind::gauge;
  server::Metric outcomes{"candled_model_outcomes", "Newest predictions of a model whose outcome is known", gauge, {}};
  server::Metric accuracy{"candled_model_accuracy_ratio", "Share of them that came true", gauge, {}};
  server::Metric brier{"candled_model_brier_score", "Their mean squared error", gauge, {}};
  server::Metric log_loss{"candled_model_log_loss", "Their mean log loss", gauge, {}};
  for (const engine::ModelLive& one : report.models) {
    const std::vector<std::pair<std::string, std::string>> labels = {{"model", one.model}, {"market", one.market}};
    outcomes.samples.push_back({labels, static_cast<double>(one.score.rows), {}});
    accuracy.samples.push_back({labels, one.score.hit_rate, {}});
    brier.samples.push_back({labels, one.score.brier, {}});
    log_loss.samples.push_back({labels, one.score.log_loss, {}});
  }
  std::vector<server::Metric> all;
  if (!report.models.empty()) all = {outcomes, accuracy, brier, log_loss};
  if (report.drift.rows == 0) return all;
  server::Metric drift{"candled_feature_drift_psi",
                       "Population stability index of a feature against the champion's training window",
                       gauge,
                       {}};
  for (const engine::FeatureDrift& one : report.drift.features)
    drift.samples.push_back({{{"feature", one.feature}}, one.stability_index, {}});
  all.push_back(drift);
  all.push_back(gauge_metric("candled_prediction_drift_psi", "The same of the predictions", report.drift.predictions));
  return all;
}

}  // namespace

std::vector<server::Metric> collect_metrics(const MarketTable& markets, const engine::EngineStatistics& engine,
                                            const ingest::FeedStatistics& feed,
                                            const engine::TrainerStatistics& trainer) {
  constexpr auto counter = server::MetricKind::counter;
  constexpr auto gauge = server::MetricKind::gauge;
  std::vector<server::Metric> all = {
      by_market("candled_feed_trades_total", "Trades passed on by ingest, each id once", counter, markets, feed,
                [](const auto& m) { return m.trades.value(); }),
      by_market("candled_feed_duplicates_total", "Trades seen again and dropped", counter, markets, feed,
                [](const auto& m) { return m.duplicates.value(); }),
      by_market("candled_feed_holes_total", "Holes recorded because trades could not be had in time", counter, markets,
                feed, [](const auto& m) { return m.sequence_gaps.value(); }),
      by_market("candled_feed_holes_filled_total", "Recorded holes that were filled later", counter, markets, feed,
                [](const auto& m) { return m.sequence_gaps_filled.value(); }),
      by_market("candled_feed_missing_trades", "Trades inside recorded holes that are still missing", gauge, markets,
                feed, [](const auto& m) { return m.missing.value(); }),
      by_market("candled_feed_held_trades", "Trades held back behind a repair", gauge, markets, feed,
                [](const auto& m) { return m.held.value(); }),
      by_market("candled_book_updates_total", "Messages about the order book that were applied", counter, markets, feed,
                [](const auto& m) { return m.book_updates.value(); }),
      by_market("candled_book_mismatches_total", "Times the order book was found wrong", counter, markets, feed,
                [](const auto& m) { return m.book_mismatches.value(); }),
      by_market("candled_book_resyncs_total", "Times the order book was asked for anew", counter, markets, feed,
                [](const auto& m) { return m.book_resyncs.value(); }),
      by_market("candled_book_facts_total", "Intervals whose order book was recorded", counter, markets, feed,
                [](const auto& m) { return m.book_facts.value(); }),
      by_market("candled_book_valid", "1 while the order book is known and checked", gauge, markets, feed,
                [](const auto& m) { return m.book_valid.value(); }),
      by_market("candled_feed_live", "1 while trades of the market pass as they come", gauge, markets, feed,
                [](const auto& m) {
                  return std::int64_t{m.state_now() == MarketState::live || m.state_now() == MarketState::quiet};
                }),
      counter_metric("candled_feed_frames_total", "Frames received", feed.total(&ingest::ExchangeStatistics::frames)),
      counter_metric("candled_feed_received_bytes_total", "Bytes received in frames",
                     feed.total(&ingest::ExchangeStatistics::bytes)),
      counter_metric("candled_feed_bad_frames_total", "Frames and rows that could not be read",
                     feed.total(&ingest::ExchangeStatistics::bad_frames)),
      counter_metric("candled_feed_connects_total", "Connections made",
                     feed.total(&ingest::ExchangeStatistics::connects)),
      counter_metric("candled_feed_reconnects_total", "Connections lost or failed",
                     feed.total(&ingest::ExchangeStatistics::reconnects)),
      counter_metric("candled_rest_requests_total", "REST requests sent",
                     feed.total(&ingest::ExchangeStatistics::rest_requests)),
      counter_metric("candled_rest_failures_total", "REST requests that failed, rate limits included",
                     feed.total(&ingest::ExchangeStatistics::rest_failures)),
      gauge_metric("candled_feed_silence_seconds", "Since the last frame; -1 before the first",
                   seconds_since(feed.last_frame_ns())),
      by_exchange("candled_exchange_frames_total", "Frames received from an exchange", counter, feed,
                  [](const auto& e) { return count_of(e.frames); }),
      by_exchange("candled_exchange_bad_frames_total", "Its frames and rows that could not be read", counter, feed,
                  [](const auto& e) { return count_of(e.bad_frames); }),
      by_exchange("candled_exchange_reconnects_total", "Its connections lost or failed", counter, feed,
                  [](const auto& e) { return count_of(e.reconnects); }),
      by_exchange("candled_exchange_rest_requests_total", "REST requests sent to it", counter, feed,
                  [](const auto& e) { return count_of(e.rest_requests); }),
      by_exchange("candled_exchange_rest_failures_total", "Those that failed, rate limits included", counter, feed,
                  [](const auto& e) { return count_of(e.rest_failures); }),
      by_exchange("candled_exchange_connections", "Its connections that are up", gauge, feed,
                  [](const auto& e) { return count_of(e.connected); }),
      by_exchange("candled_exchange_silence_seconds", "Since its last frame; -1 before the first", gauge, feed,
                  [](const auto& e) { return seconds_since(e.last_frame_ns.value()); }),
      counter_metric("candled_candles_total", "Candles closed", engine.candles.value()),
      counter_metric("candled_quiet_candles_total", "Candles in which nothing traded", engine.quiet_candles.value()),
      counter_metric("candled_gap_candles_total", "Candles that are not known whole", engine.gap_candles.value()),
      counter_metric("candled_candles_without_book_total", "Candles of followed order books that closed without one",
                     engine.candles_without_book.value()),
      counter_metric("candled_late_books_total", "Order book facts that came behind the closing of their candle",
                     engine.late_books.value()),
      counter_metric("candled_late_trades_total", "Trades of closed candles", engine.late_trades.value()),
      counter_metric("candled_predictions_total", "Predictions made", engine.predictions.value()),
      counter_metric("candled_fills_total", "Paper orders filled", engine.fills.value()),
      gauge_metric("candled_trading_paused", "1 while paper trading opens no position",
                   static_cast<double>(engine.paused.value())),
      counter_metric("candled_takeovers_total", "Models that took over", engine.model_swaps.value()),
      counter_metric("candled_commits_total", "Transactions committed", engine.commits.value()),
      counter_metric("candled_unobserved_events_total",
                     "Committed events that the log and other observers were too slow for", engine.unobserved.value()),
      counter_metric("candled_commit_failures_total", "Transactions that were refused and tried again",
                     engine.commit_failures.value()),
      gauge_metric("candled_committed_sequence", "Number of the last committed event",
                   static_cast<double>(engine.committed_sequence.value())),
      gauge_metric("candled_feed_queue_events", "Events waiting between ingest and head",
                   static_cast<double>(engine.feed_queue.value())),
      gauge_metric("candled_journal_queue_events", "Events waiting for the journal",
                   static_cast<double>(engine.journal_queue.value())),
      latency_metric("candled_decision_latency_seconds",
                     "From the receipt of the event that closed a candle to the decision", engine.decision_latency),
      latency_metric("candled_receipt_to_commit_seconds",
                     "From the receipt of the event that closed a candle to its commit", engine.receipt_to_commit),
      latency_metric("candled_commit_latency_seconds", "One transaction", engine.commit_latency),
      counter_metric("candled_trainings_total", "Trainings that gave a model", trainer.trainings.value()),
      counter_metric("candled_promotions_total", "Champions that took over: by training, by hand, and back",
                     trainer.promotions.value()),
      counter_metric("candled_training_failures_total", "Trainings that did not", trainer.failures.value()),
      gauge_metric("candled_last_training_seconds", "How long the last training took",
                   static_cast<double>(trainer.last_training_ms.value()) / 1e3),
  };
  for (server::Metric& metric : live_metrics(*trainer.live.get())) all.push_back(std::move(metric));
  for (server::Metric& metric : process_metrics()) all.push_back(std::move(metric));
  return all;
}

}  // namespace candled::app
