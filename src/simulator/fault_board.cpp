#include "simulator/fault_board.hpp"

#include <algorithm>
#include <cmath>

namespace candled::simulator {
namespace {

std::int64_t default_amount(FaultKind kind) {
  switch (kind) {
    case FaultKind::ban: return 429;
    case FaultKind::rest_error: return 520;
    case FaultKind::rest_slow: return 1000;
    case FaultKind::rest_short: return 10;
    case FaultKind::rest_lag: return 30;
    default: return 0;
  }
}

}  // namespace

FaultBoard::FaultBoard(const FaultSettings& settings) : random_(settings.seed) {
  for (const ScheduledFault& fault : settings.faults) schedule(fault);
}

void FaultBoard::schedule(const ScheduledFault& fault) {
  scheduled_.push_back(fault);
  find_next();
}

void FaultBoard::clear() {
  scheduled_.clear();
  in_force_ = {};
  find_next();
}

// The earliest trade and market time at which anything can strike; a random fault can behind every trade.
void FaultBoard::find_next() {
  next_trade_ = INT64_MAX;
  next_market_ = {INT64_MAX};
  for (const ScheduledFault& fault : scheduled_) {
    if (fault.moment == FaultMoment::at_trade) next_trade_ = std::min(next_trade_, fault.at);
    if (fault.moment == FaultMoment::every_trades || fault.moment == FaultMoment::random) next_trade_ = 0;
    if (fault.moment == FaultMoment::after_market)
      next_market_ = std::min(next_market_, Duration::milliseconds(fault.at));
  }
}

std::vector<Fault> FaultBoard::due_behind_trade(std::int64_t n) {
  std::vector<Fault> due;
  for (const ScheduledFault& fault : scheduled_) {
    const bool strikes = (fault.moment == FaultMoment::at_trade && n >= fault.at) ||
                         (fault.moment == FaultMoment::every_trades && n % fault.at == 0) ||
                         (fault.moment == FaultMoment::random && random_.chance(fault.probability));
    if (strikes) due.push_back(fault.fault);
  }
  std::erase_if(scheduled_, [&](const ScheduledFault& f) { return f.moment == FaultMoment::at_trade && n >= f.at; });
  find_next();
  return due;
}

std::vector<Fault> FaultBoard::due_by_time(Duration market_elapsed, std::optional<Duration> wall_elapsed) {
  const auto is_due = [&](const ScheduledFault& f) {
    return f.moment == FaultMoment::now ||
           (f.moment == FaultMoment::after_market && market_elapsed >= Duration::milliseconds(f.at)) ||
           (f.moment == FaultMoment::after_wall && wall_elapsed && *wall_elapsed >= Duration::milliseconds(f.at));
  };
  std::vector<Fault> due;
  for (const ScheduledFault& fault : scheduled_) {
    if (is_due(fault)) due.push_back(fault.fault);
  }
  if (due.empty()) return due;
  std::erase_if(scheduled_, is_due);
  find_next();
  return due;
}

void FaultBoard::begin(const Fault& fault, Duration wall) {
  InForce& state = in_force_[index(fault.kind)];
  const bool bounded = fault.seconds > 0;
  state.until = bounded ? wall + Duration{std::llround(fault.seconds * 1e9)} : Duration{INT64_MAX};
  state.requests_left.reset();
  if (fault.requests > 0) state.requests_left = fault.requests;
  state.amount = fault.amount > 0 ? fault.amount : default_amount(fault.kind);
}

bool FaultBoard::lasts(FaultKind kind, Duration wall) const { return amount(kind, wall).has_value(); }

std::optional<std::int64_t> FaultBoard::amount(FaultKind kind, Duration wall) const {
  const InForce& state = in_force_[index(kind)];
  if (wall >= state.until || state.requests_left == 0) return std::nullopt;
  return state.amount;
}

std::optional<std::int64_t> FaultBoard::strike_request(FaultKind kind, Duration wall) {
  const std::optional<std::int64_t> struck = amount(kind, wall);
  if (InForce& state = in_force_[index(kind)]; struck && state.requests_left) --*state.requests_left;
  return struck;
}

PageFaults FaultBoard::strike_page(Duration wall) {
  PageFaults page;
  if (const auto rows = strike_request(FaultKind::rest_short, wall)) page.rows_max = static_cast<std::size_t>(*rows);
  if (const auto seconds = strike_request(FaultKind::rest_lag, wall)) page.lag = Duration::seconds(*seconds);
  page.inclusive = strike_request(FaultKind::rest_inclusive, wall).has_value();
  page.wrong_cursor = strike_request(FaultKind::rest_wrong_last, wall).has_value();
  page.oldest = strike_request(FaultKind::rest_repeat, wall).has_value();
  return page;
}

}  // namespace candled::simulator
