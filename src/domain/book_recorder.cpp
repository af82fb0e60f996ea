#include "candled/domain/book_recorder.hpp"

#include <algorithm>
#include <utility>

#include "candled/domain/result.hpp"

namespace candled {
namespace {

constexpr std::size_t ranks_max = BookFacts::ranks_max;

// SQLite keeps no sign of a zero: a stored and read fact must be the same bits.
double unsigned_zero(double value) { return value + 0.0; }

double units(Quantity quantity) { return quantity.to_usual_units(); }

}  // namespace

BookRecorder::BookRecorder(Duration interval) : interval_(interval) {
  if (interval.ns <= 0) invariant_failed("the interval of a book recorder is not positive");
}

std::optional<BookFacts> BookRecorder::close_due(Timestamp time) {
  if (!started_ || time - open_time_ < interval_) return std::nullopt;
  const std::int64_t ended = (time - open_time_) / interval_;
  if (ended > std::max<std::int64_t>(1, Duration::days(1) / interval_)) lost();
  if (!known_) {
    start_interval(floor_to(time, interval_), false);
    return std::nullopt;
  }
  const BookFacts facts = facts_of_interval();
  start_interval(open_time_ + interval_, true);
  return facts;
}

void BookRecorder::begin(const OrderBook& book, Timestamp time) {
  if (!started_) start_interval(floor_to(time, interval_), false);
  started_ = true;
  known_ = true;
  whole_ = false;  // what it was before is not known
  show(book);
  count_state();
}

void BookRecorder::lost() { known_ = whole_ = false; }

void BookRecorder::start_interval(Timestamp open_time, bool whole) {
  open_time_ = open_time;
  whole_ = whole;
  updates_ = 0;
  states_ = spread_sum_ = 0;
  imbalance_sum_ = {};
  flow_ = depth_sum_ = {};
  if (known_) count_state();
}

// One pass over the ranks: the flow between the state shown last and this one, and this state's part of the means.
void BookRecorder::update(const OrderBook& book) {
  if (!known_) return;
  const Side bid_before = bid_, ask_before = ask_;
  show(book);
  ++updates_;
  for (std::size_t i = 0; i < ranks_max; ++i) {
    const BookLevel& was = bid_before.levels[i];
    const BookLevel& is = bid_.levels[i];  // no level: price 0, the worst bid there is
    if (is.price >= was.price) flow_[i] += units(is.quantity);
    if (is.price <= was.price) flow_[i] -= units(was.quantity);
    const BookLevel& asked = ask_before.levels[i];
    const BookLevel& asks = ask_.levels[i];
    const bool down = i < ask_.count && (i >= ask_before.count || asks.price < asked.price);
    const bool up = i < ask_before.count && (i >= ask_.count || asks.price > asked.price);
    if (!up) flow_[i] -= units(asks.quantity);
    if (!down) flow_[i] += units(asked.quantity);
  }
  count_state();
}

void BookRecorder::show(const OrderBook& book) {
  const auto copy = [](std::span<const BookLevel> levels, Side& side) {
    side.count = std::min(levels.size(), ranks_max);
    std::copy_n(levels.begin(), side.count, side.levels.begin());
    std::fill(side.levels.begin() + static_cast<std::ptrdiff_t>(side.count), side.levels.end(), BookLevel{});
  };
  copy(book.bids(), bid_);
  copy(book.asks(), ask_);
}

void BookRecorder::count_state() {
  states_ += 1;
  const double bid = bid_.levels[0].price.to_usual_units(), ask = ask_.levels[0].price.to_usual_units();
  spread_sum_ += (ask - bid) / (0.5 * (ask + bid));
  double bids = 0, asks = 0;
  std::size_t depth = 0;
  for (std::size_t i = 0; i < ranks_max; ++i) {
    const double bid_quantity = units(bid_.levels[i].quantity), ask_quantity = units(ask_.levels[i].quantity);
    bids += bid_quantity;
    asks += ask_quantity;
    depth_sum_[i] += 0.5 * (bid_quantity + ask_quantity);
    if (i + 1 == BookFacts::imbalance_depths[depth]) imbalance_sum_[depth++] += (bids - asks) / (bids + asks);
  }
}

BookFacts BookRecorder::facts_of_interval() const {
  BookFacts facts;
  facts.open_time = open_time_;
  facts.updates = updates_;
  facts.whole = whole_;
  facts.spread_mean = unsigned_zero(spread_sum_ / states_);
  for (std::size_t i = 0; i < imbalance_sum_.size(); ++i)
    facts.imbalance_mean[i] = unsigned_zero(imbalance_sum_[i] / states_);
  const auto scale = static_cast<double>(Quantity::scale);
  for (std::size_t i = 0; i < ranks_max; ++i) {
    facts.ranks[i] = {bid_.levels[i], ask_.levels[i], unsigned_zero(flow_[i] / scale),
                      unsigned_zero(depth_sum_[i] / states_ / scale)};
  }
  return facts;
}

}  // namespace candled
