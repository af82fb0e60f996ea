#include "engine/backtest_line.hpp"

#include <utility>

#include "candled/engine/conveyor.hpp"

namespace candled::engine {
namespace {

constexpr std::size_t capacity = 1024;  // small: what travels stays in the processor's cache

void dispose_all(flow::Receiver& receiver) {
  while (Event* event = receiver.front()) {
    event->dispose();
    receiver.pop();
  }
}

std::vector<std::string> feature_hashes(const EngineSettings& settings) {
  std::vector<std::string> hashes;
  for (const store::FeatureListRecord& list : feature_lists(settings.markets, settings.features)) hashes.push_back(list.hash);
  return hashes;
}

}  // namespace

BacktestLine::BacktestLine(const EngineSettings& settings, Timestamp decide_from, Sink sink)
    : settings_(settings),
      decide_from_(decide_from),
      sink_(std::move(sink)),
      to_features_(flow::make_channel(capacity)),
      to_inference_(flow::make_channel(capacity)),
      out_(flow::make_channel(capacity)),
      features_(settings, std::move(to_features_.receiver), std::move(to_inference_.sender)),
      inference_(feature_hashes(settings), settings.maximum_model_age, std::move(to_inference_.receiver), std::move(out_.sender), statistics_) {}

BacktestLine::~BacktestLine() { drain(); }  // what is under way owns memory

void BacktestLine::begin_trades(Timestamp from) {
  drain();
  flow::Channel before = flow::make_channel(capacity), behind = flow::make_channel(capacity);
  candles_.reset();
  in_.emplace(std::move(before.sender));
  closed_.emplace(std::move(behind.receiver));
  candles_.emplace(settings_, std::move(before.receiver), std::move(behind.sender), statistics_);
  trades_from_ = from;
}

void BacktestLine::push(Event event) {
  event.sequence = ++sequence_;
  while (!in_->try_push(event)) drain();
}

void BacktestLine::push_candle(std::unique_ptr<CandleReport> report) {
  pump();
  if (report->candle.open_time < decide_from_) {
    report->closed = report->end + settings_.paper_of_market.front().stale_after + Duration{1};
  }
  push_behind_candles(Event::of(settings_.markets.front().id, report.release()));
}

void BacktestLine::push_behind_candles(Event event) {
  pump();
  event.sequence = ++sequence_;
  while (!to_features_.sender.try_push(event)) poll();
}

void BacktestLine::take_over(std::shared_ptr<const Predictor> predictor) {
  push_behind_candles(Event::of(new Takeover{std::move(predictor), std::nullopt}));  // the sink frees it
}

// False: the candle was made for its last price only.
bool BacktestLine::pass_on(Event& event) {
  if (event.kind() != EventKind::candle) return true;
  CandleReport& report = event.report();
  if (report.candle.open_time < trades_from_) return false;
  if (report.candle.open_time < decide_from_) {
    report.closed = report.end + settings_.paper_of_market.front().stale_after + Duration{1};
  } else {
    ++candles_made_;
  }
  return true;
}

// From the candle station on, past the place where candles without trades come in.
void BacktestLine::pump() {
  if (!candles_) return;
  bool busy = true;
  while (busy) {
    busy = candles_->poll() == flow::Progress::busy;
    while (Event* event = closed_->front()) {
      if (pass_on(*event)) {
        while (!to_features_.sender.try_push(*event)) poll();
      } else {
        event->dispose();
      }
      closed_->pop();
      busy = true;
    }
  }
}

void BacktestLine::poll() {
  bool busy = true;
  while (busy) {
    busy = features_.poll() == flow::Progress::busy;
    busy |= inference_.poll() == flow::Progress::busy;
    while (Event* event = out_.receiver.front()) {
      sink_(*event);
      out_.receiver.pop();
      busy = true;
    }
  }
}

void BacktestLine::drain() {
  pump();
  poll();
}

TradingLine::TradingLine(const EngineSettings& settings, Visitor visitor)
    : visitor_(std::move(visitor)),
      in_(flow::make_channel(capacity)),
      out_(flow::make_channel(capacity)),
      trading_(settings, std::move(in_.receiver), std::move(out_.sender), statistics_) {}

TradingLine::~TradingLine() {
  while (trading_.poll() == flow::Progress::busy) dispose_all(out_.receiver);
  dispose_all(out_.receiver);
}

void TradingLine::push(const Event& event) {
  while (!in_.sender.try_push(event)) drain();
}

void TradingLine::drain() {
  bool busy = true;
  while (busy) {
    busy = trading_.poll() == flow::Progress::busy;
    while (Event* made = out_.receiver.front()) {
      visitor_(*made);
      made->dispose();
      out_.receiver.pop();
      busy = true;
    }
  }
}

}  // namespace candled::engine
