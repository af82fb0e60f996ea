#include "engine/tape_log.hpp"

#include <fmt/format.h>

#include <utility>

#include "candled/domain/enum_names.hpp"
#include "candled/flow/clock.hpp"

namespace candled::engine {
namespace {

constexpr Duration live_lag_max = Duration::minutes(2);  // a candle closed later than this belongs to a catch-up
constexpr Duration catch_up_pause = Duration::seconds(2);

std::string minute_text(Timestamp time) { return to_iso8601(time).substr(0, 16); }

}  // namespace

TapeLog::TapeLog(const MarketTable& markets, std::vector<std::string> strategy_names, flow::Log& log)
    : markets_(markets), strategy_names_(std::move(strategy_names)), log_(log) {}

bool TapeLog::wants(EventKind kind) const {
  switch (kind) {
    case EventKind::candle:
    case EventKind::fill:
    case EventKind::sequence_gap:
    case EventKind::model_swap:
    case EventKind::pause: return true;
    case EventKind::sequence_gap_filled:  // page by page; ingest tells how it goes
    case EventKind::trade:
    case EventKind::watermark:
    case EventKind::book:
    case EventKind::checkpoint:
    case EventKind::probe: return false;
  }
  return false;
}

void TapeLog::missed(std::int64_t events) noexcept {
  log_.warning("events were not logged: the log is slow",
               {{"events", std::to_string(events)}, {"note", "they are committed; the tables have them"}});
}

void TapeLog::committed(const Event& event) noexcept {
  switch (event.kind()) {
    case EventKind::candle: return candle(event);
    case EventKind::fill: {
      const Fill& fill = event.fill();
      return log_.info("paper trade", {{"strategy", strategy_names_[index_of(fill.strategy)]},
                                       {"market", markets_[index_of(event.market())].name()},
                                       {"side", std::string(to_text(fill.side))},
                                       {"quantity", fill.quantity.to_text()},
                                       {"price", fill.price.to_text()},
                                       {"fee", fill.fee.to_text()},
                                       {"reason", std::string(to_text(fill.reason))}});
    }
    case EventKind::sequence_gap:
      return log_.warning("trades missing", {{"market", markets_[index_of(event.market())].name()},
                                             {"first_id", std::to_string(event.sequence_gap().first_missing_id)},
                                             {"last_id", std::to_string(event.sequence_gap().last_missing_id)},
                                             {"next", "candles there are gaps; repair goes on"}});
    case EventKind::model_swap:
      if (!event.model_swap().predictor)
        return log_.info("model is the challenger", {{"model", event.model_swap().record->name}});
      return log_.info("model took over",
                       {{"model", event.model_swap().predictor->name()}, {"why", event.model_swap().why}});
    case EventKind::pause:
      return event.pause().paused
                 ? log_.info("paper trading paused",
                             {{"note", "no position is opened until it is resumed; stops and sales act"}})
                 : log_.info("paper trading resumed");
    case EventKind::sequence_gap_filled:
    case EventKind::trade:
    case EventKind::watermark:
    case EventKind::book:
    case EventKind::checkpoint:
    case EventKind::probe: return;
  }
}

void TapeLog::candle(const Event& event) {
  const CandleReport& report = event.report();
  if (report.closed - report.end > live_lag_max) {
    ++caught_up_candles_;
    caught_up_to_ = report.candle.open_time;
    if (flow::monotonic_now() - last_said_ >= catch_up_pause) say_catch_up();
    return;
  }
  say_catch_up();
  const Candle& c = report.candle;
  const std::string market = markets_[index_of(event.market())].name();
  if (!report.prediction) {
    return log_.info("candle", {{"market", market},
                                {"time", minute_text(c.open_time)},
                                {"close", c.close.to_text()},
                                {"volume", c.volume.to_text()},
                                {"trades", std::to_string(c.trades)},
                                {"state", std::string(to_text(c.state))}});
  }
  log_.info("candle", {{"market", market},
                       {"time", minute_text(c.open_time)},
                       {"close", c.close.to_text()},
                       {"volume", c.volume.to_text()},
                       {"trades", std::to_string(c.trades)},
                       {"state", std::string(to_text(c.state))},
                       {"probability_up", fmt::format("{:.3f}", report.prediction->probability_up)},
                       {"signal", std::string(to_text(report.prediction->signal))},
                       {"horizon", to_text(report.prediction->horizon)}});
  if (report.prediction->expired &&
      std::exchange(expired_told_, report.prediction->model) != report.prediction->model) {
    log_.warning("the model is too old to open positions on",
                 {{"model", report.prediction->model}, {"next", "[training] maximum_age says how old it may be"}});
  }
  if (report.stale) {
    log_.warning("no trades on a stale candle",
                 {{"market", market},
                  {"time", minute_text(c.open_time)},
                  {"late_by", to_text(Duration::seconds((report.closed - report.end) / Duration::seconds(1)))}});
  }
}

void TapeLog::say_catch_up() {
  if (caught_up_candles_ == 0) return;
  log_.info("caught up", {{"candles", std::to_string(caught_up_candles_)},
                          {"to", minute_text(caught_up_to_)},
                          {"note", "closed long after their end: no paper trades on them"}});
  caught_up_candles_ = 0;
  last_said_ = flow::monotonic_now();
}

}  // namespace candled::engine
