#include "engine/backtest_line.hpp"

#include <utility>

#include "candled/engine/conveyor.hpp"

namespace candled::engine {
namespace {

constexpr std::size_t capacity = 1024;  // small: what travels stays in the processor's cache

std::vector<std::string> feature_hashes(const EngineSettings& settings) {
  std::vector<std::string> hashes;
  for (const store::FeatureListRecord& list : feature_lists(settings.markets, settings.features))
    hashes.push_back(list.hash);
  return hashes;
}

}  // namespace

// Takes what the candle station has made into the rest of the line, past the place where candles without trades come in.
class BacktestLine::Gate : public flow::Stage {
 public:
  Gate(BacktestLine& line, flow::Receiver closed) : line_(line), closed_(std::move(closed)) {}
  std::string_view name() const override { return "gate"; }
  flow::Progress poll() override {
    bool moved = false;
    while (!line_.to_features_.sender.full()) {
      std::optional<Event> event = closed_.pop();
      if (!event) break;
      moved = true;
      if (line_.lets_pass(*event)) line_.to_features_.sender.push(std::move(*event));
    }
    return moved ? flow::Progress::busy : flow::Progress::idle;
  }
  void attach(flow::Parker& parker) override { closed_.attach(parker); }

 private:
  BacktestLine& line_;
  flow::Receiver closed_;
};

BacktestLine::BacktestLine(const EngineSettings& settings, Timestamp decide_from, Take take)
    : settings_(settings),
      decide_from_(decide_from),
      to_features_(flow::make_channel(capacity)),
      to_inference_(flow::make_channel(capacity)),
      out_(flow::make_channel(capacity)),
      features_(settings, std::move(to_features_.receiver), std::move(to_inference_.sender)),
      inference_(feature_hashes(settings), settings.maximum_model_age, std::move(to_inference_.receiver),
                 std::move(out_.sender), statistics_),
      sink_(std::move(out_.receiver), std::move(take)),
      pipeline_({&features_, &inference_, &sink_}) {}

BacktestLine::~BacktestLine() = default;

void BacktestLine::begin_trades(Timestamp from) {
  drain();
  flow::Channel before = flow::make_channel(capacity), behind = flow::make_channel(capacity);
  in_.emplace(std::move(before.sender));
  candles_.emplace(settings_, std::move(before.receiver), std::move(behind.sender), statistics_);
  gate_ = std::make_unique<Gate>(*this, std::move(behind.receiver));
  pipeline_ = flow::Pipeline({&*candles_, gate_.get(), &features_, &inference_, &sink_});
  trades_from_ = from;
}

void BacktestLine::push(Event event) {
  event.sequence = ++sequence_;
  if (in_->full()) drain();
  in_front_of_gate_ = true;
  in_->push(std::move(event));
}

void BacktestLine::push_candle(std::unique_ptr<CandleReport> report) {
  if (report->candle.open_time < decide_from_) {
    report->closed = report->end + settings_.paper_of_market.front().stale_after + Duration{1};
  }
  push_behind_candles(Event::of(settings_.markets.front().id, std::move(report)));
}

void BacktestLine::push_behind_candles(Event event) {
  if (in_front_of_gate_ || to_features_.sender.full()) drain();
  event.sequence = ++sequence_;
  to_features_.sender.push(std::move(event));
}

void BacktestLine::take_over(std::shared_ptr<const Predictor> predictor) {
  push_behind_candles(Event::of(std::make_unique<ModelSwap>(std::move(predictor))));
}

// False: the candle was made for its last price only.
bool BacktestLine::lets_pass(Event& event) {
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

void BacktestLine::drain() {
  pipeline_.drain();
  in_front_of_gate_ = false;
}

TradingLine::TradingLine(const EngineSettings& settings, Visitor visitor)
    : in_(flow::make_channel(capacity)),
      out_(flow::make_channel(capacity)),
      trading_(settings, std::move(in_.receiver), std::move(out_.sender), statistics_),
      sink_(std::move(out_.receiver), [visit = std::move(visitor)](const Event& event) { visit(event); }),
      pipeline_({&trading_, &sink_}) {}

void TradingLine::push(Event event) {
  if (in_.sender.full()) drain();
  in_.sender.push(std::move(event));
}

void TradingLine::drain() { pipeline_.drain(); }

}  // namespace candled::engine
