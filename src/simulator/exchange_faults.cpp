// What each fault does to an exchange.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "simulator/exchange.hpp"

namespace candled::simulator {
namespace {

constexpr std::uint16_t going_away = 1001;
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
      if (const std::optional<std::size_t> market = find(fault.symbol);
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
  Frame frame;
  if (fault.kind == FaultKind::bad_frame) frame = bad_frame(fault);
  if (fault.kind == FaultKind::maintenance) {
    Fault shortly = fault;  // so that the status below says it even where clients may come back at once
    shortly.seconds = std::max(fault.seconds, 0.001);
    faults_.begin(shortly, wall);
    frame = make_frame(status_message(wall));
  }
  if (fault.kind == FaultKind::message_rate) {
    const std::string time = microsecond_text(now(wall));
    frame = make_frame(
        fmt::format("{{\"error\":\"Exceeded msg "
                    "rate\",\"method\":\"subscribe\",\"success\":false,\"time_in\":\"{0}\",\"time_out\":\"{0}\"}}",
                    time));
  }
  for (Session* session : sessions_) {
    if (frame != nullptr) session->send(frame, wall);
    if (fault.kind == FaultKind::maintenance) session->close(going_away, "maintenance");
    if (fault.kind == FaultKind::cut) session->cut();
  }
}

void Exchange::make_unseen(const Fault& fault, std::int64_t trades) {
  if (fault.symbol.empty()) {
    unseen_left_ += trades;
  } else if (const std::optional<std::size_t> market = find(fault.symbol)) {
    markets_[*market].unseen_left += trades;
  }
}

void Exchange::repeat_trades(const Fault& fault, Duration wall) {
  FrameBuilder repeated;
  for (std::size_t i = 0; i < markets_.size(); ++i) {
    SimulatedMarket& market = markets_[i];
    if (!fault.symbol.empty() && market.pair.symbol != fault.symbol) continue;
    const auto wanted = static_cast<std::size_t>(std::max<std::int64_t>(fault.trades, 1));
    const std::size_t count = std::min(wanted, market.history.size());
    for (std::size_t k = market.history.size() - count; k < market.history.size(); ++k) {
      repeated.add(i, market.history[k], market.rows, false);
    }
  }
  for (Session* session : sessions_) {
    if (const Frame frame = repeated.update(session->subscriptions())) session->send(frame, wall);
  }
}

Frame Exchange::bad_frame(const Fault& fault) const {
  const std::string& symbol = markets_.front().pair.symbol;
  const std::string front = fmt::format(
      "{{\"channel\":\"trade\",\"type\":\"update\",\"data\":[{{\"symbol\":\"{}\",\"side\":\"buy\",", symbol);
  if (fault.frame == "wrong_types") {
    return make_frame(front +
                      "\"price\":{\"value\":1},\"qty\":[],\"ord_type\":7,\"trade_id\":\"many\",\"timestamp\":null}]}");
  }
  if (fault.frame == "unknown_channel") {
    return make_frame(
        "{\"channel\":\"weather\",\"type\":\"update\",\"data\":[{\"city\":\"Sheridan\",\"temperature\":-3.5}]}");
  }
  if (fault.frame == "empty_data") return make_frame("{\"channel\":\"trade\",\"type\":\"update\",\"data\":[]}");
  if (fault.frame == "not_json") return make_frame("<html><body>upstream connect error</body></html>");
  if (fault.frame == "huge") {
    const std::int64_t bytes = std::clamp(fault.amount, std::int64_t{0}, huge_frame_bytes_max);
    std::string text = "{\"channel\":\"heartbeat\",\"padding\":\"";
    text.append(static_cast<std::size_t>(bytes > 0 ? bytes : huge_frame_bytes), 'x');
    return make_frame(text + "\"}");
  }
  return make_frame(front + "\"price\":62807.1,\"qty\":0.0050");
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
