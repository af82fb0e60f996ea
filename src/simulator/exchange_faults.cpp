// What each fault does to an exchange.
#include <algorithm>
#include <cmath>

#include "simulator/exchange.hpp"

namespace candled::simulator {
namespace {

constexpr std::int64_t huge_frame_bytes = 20 * 1024 * 1024;
constexpr std::int64_t huge_frame_bytes_max = 1024 * 1024 * 1024;

Duration seconds_of(const Fault& fault) { return {std::llround(fault.seconds * 1e9)}; }

}  // namespace

void Exchange::apply(const Fault& fault, Duration wall) {
  flush(wall);  // what was released before the fault is sent before it
  ++statistics_.faults;
  switch (fault.kind) {
    case FaultKind::drop: return make_unseen(fault, std::max<std::int64_t>(fault.trades, 1));
    case FaultKind::repeat: return repeat_trades(fault, wall);
    case FaultKind::exponent: exponents_left_ += std::max<std::int64_t>(fault.trades, 1); return;
    case FaultKind::stall_symbol:
      make_unseen(fault, fault.trades);
      if (const std::optional<std::size_t> market = market_of(fault);
          market && (fault.seconds > 0 || fault.trades == 0)) {
        markets_[*market].stalled_until = fault.seconds > 0 ? wall + seconds_of(fault) : Duration{INT64_MAX};
      }
      return;
    case FaultKind::cut:
    case FaultKind::maintenance:
    case FaultKind::message_rate:
    case FaultKind::bad_frame: return apply_to_sessions(fault, wall);
    case FaultKind::book_checksum: return books_.spoil(fault.symbol, std::max<std::int64_t>(fault.trades, 1));
    case FaultKind::book_drop: return books_.drop(fault.symbol, std::max<std::int64_t>(fault.trades, 1));
    case FaultKind::stall: make_unseen(fault, fault.trades); break;
    default: break;
  }
  faults_.begin(fault, wall);
}

void Exchange::apply_to_sessions(const Fault& fault, Duration wall) {
  make_unseen(fault, fault.trades);
  if (fault.seconds > 0) faults_.begin(fault, wall);
  if (fault.kind == FaultKind::maintenance) {
    Fault shortly = fault;  // so that the status below says it even where clients may come back at once
    shortly.seconds = std::max(fault.seconds, 0.001);
    faults_.begin(shortly, wall);
  }
  const Frame frame = frame_of(fault, wall);
  for (Session* session : sessions_) {
    if (frame != nullptr) session->send(frame, wall);
    if (fault.kind == FaultKind::maintenance) session->close(close_code::going_away, "maintenance");
    if (fault.kind == FaultKind::message_rate && frame == nullptr)
      session->close(close_code::policy_violation, "too many messages");
    if (fault.kind == FaultKind::cut) session->cut();
  }
}

// What every client hears of it.
Frame Exchange::frame_of(const Fault& fault, Duration wall) {
  switch (fault.kind) {
    case FaultKind::maintenance: return dialect_->status(scene(wall));
    case FaultKind::message_rate: return dialect_->too_many_messages(scene(wall));
    case FaultKind::bad_frame: {
      const std::int64_t bytes = fault.amount > 0 ? std::min(fault.amount, huge_frame_bytes_max) : huge_frame_bytes;
      return dialect_->bad_frame(fault.frame, markets_.front().instrument, static_cast<std::size_t>(bytes));
    }
    default: return nullptr;
  }
}

std::optional<std::size_t> Exchange::market_of(const Fault& fault) const {
  const auto at = std::find_if(markets_.begin(), markets_.end(),
                               [&](const SimulatedMarket& m) { return m.instrument.symbol == fault.symbol; });
  if (at == markets_.end()) return std::nullopt;
  return static_cast<std::size_t>(at - markets_.begin());
}

void Exchange::make_unseen(const Fault& fault, std::int64_t trades) {
  if (fault.symbol.empty()) {
    unseen_left_ += trades;
  } else if (const std::optional<std::size_t> market = market_of(fault)) {
    markets_[*market].unseen_left += trades;
  }
}

void Exchange::repeat_trades(const Fault& fault, Duration wall) {
  TradeBatch repeated;
  for (std::size_t i = 0; i < markets_.size(); ++i) {
    const SimulatedMarket& market = markets_[i];
    if (!fault.symbol.empty() && market.instrument.symbol != fault.symbol) continue;
    const auto wanted = static_cast<std::size_t>(std::max<std::int64_t>(fault.trades, 1));
    const std::size_t count = std::min(wanted, market.history.size());
    for (std::size_t k = market.history.size() - count; k < market.history.size(); ++k) {
      repeated.add({i, &market.instrument, market.history[k]});
    }
  }
  for (Session* session : sessions_) {
    for (const Frame& frame : repeated.frames(*dialect_, session->client().trades, session->client().style))
      session->send(frame, wall);
  }
}

void Exchange::clear_faults() {
  faults_.clear();
  books_.clear_faults();
  unseen_left_ = exponents_left_ = 0;
  for (SimulatedMarket& market : markets_) {
    market.unseen_left = 0;
    market.stalled_until = {};
  }
}

}  // namespace candled::simulator
