#include "server/stream_feed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "candled/domain/fixed_point.hpp"
#include "server/json.hpp"
#include "server/routes.hpp"

namespace candled::server {
namespace {

constexpr Duration trades_every = Duration::milliseconds(250);
constexpr Duration status_every = Duration::seconds(1);
constexpr std::int64_t events_a_look = 2'000;
constexpr std::int64_t events_missed_max = 5'000;  // a page that missed more loads again

const char* name_of(store::StreamEvent::Type type) {
  switch (type) {
    case store::StreamEvent::Type::candle: return "candle";
    case store::StreamEvent::Type::prediction: return "prediction";
    case store::StreamEvent::Type::fill: return "fill";
    case store::StreamEvent::Type::equity: return "equity";
    case store::StreamEvent::Type::gap: return "gap";
    case store::StreamEvent::Type::model: return "model";
  }
  invariant_failed("no such type of event");
}

std::string event_text(std::string_view id, std::string_view type, std::string_view data) {
  return fmt::format("id: {}\nevent: {}\ndata: {}\n\n", id, type, data);
}

std::string row_event(const store::StreamEvent& event) {
  return event_text(fmt::format("{}.{}", event.sequence, event.number), name_of(event.type),
                    json_object([&](JsonWriter& json) { write_members(json, event.row, 0); }));
}

std::string trade_event(const store::TradeSummary& t, std::int64_t sequence) {
  return event_text(
      fmt::format("{}", sequence), "trade", json_object([&](JsonWriter& json) {
        json.member("market", t.market).member("count", t.count).member("last_trade_id", t.last_trade_id);
        json.member("time", t.last_time).key("price").json(t.last_price.to_text()).key("high").json(t.high.to_text());
        json.key("low")
            .json(t.low.to_text())
            .key("volume")
            .json(t.volume.to_text())
            .key("buy_volume")
            .json(t.buy_volume.to_text());
      }));
}

// The page behind it must load again: what it missed is too much, or of another file.
std::string reset_event(std::int64_t sequence) {
  return event_text(fmt::format("{}", sequence), "reset",
                    json_object([](JsonWriter& json) { json.member("reason", "too much was missed: load again"); }));
}

}  // namespace

bool parse_stream_place(std::string_view text, StreamPlace& place) {
  const char* const end = text.data() + text.size();
  const auto sequence = std::from_chars(text.data(), end, place.sequence);
  if (sequence.ec != std::errc() || place.sequence < 0) return false;
  if (sequence.ptr == end) return true;
  if (*sequence.ptr != '.') return false;
  const auto number = std::from_chars(sequence.ptr + 1, end, place.number);
  return number.ec == std::errc() && number.ptr == end && place.number >= 0;
}

void StreamFeed::start(Duration now) {
  trades_.clear();
  if (const Result<store::LastCommit> last = journal_.last_commit()) told_ = last->sequence;
  // Sequence gaps that were filled before now are history.
  if (const Result<store::StreamBatch> batch = journal_.events_behind(std::max<std::int64_t>(told_ - 1, 0), {}, 1)) {
    filled_ = std::max(batch->last_filled, Timestamp{1});
  }
  version_ = -1;
  trades_told_ = status_looked_ = now;
  status_ = status_event();
}

std::string StreamFeed::advance(Duration now) {
  std::string out;
  const Result<std::int64_t> version = journal_.data_version();
  if (version && *version != version_) {
    const Result<store::StreamBatch> batch = journal_.events_behind(told_, filled_, events_a_look);
    if (batch) {  // a file that is locked is asked again at the next look
      version_ = *version;
      if (batch->cut) out += reset_event(told_);
      for (const store::StreamEvent& event : batch->events) out += row_event(event);
      events_ += static_cast<std::int64_t>(batch->events.size());
      add_trades(*batch);
      told_ = std::max(told_, batch->sequence);
      filled_ = std::max(filled_, batch->last_filled);
    }
  }
  out += trades_due(now);
  out += status_due(now);
  return out;
}

void StreamFeed::add_trades(const store::StreamBatch& batch) {
  for (const store::TradeSummary& more : batch.trades) {
    const auto [place, is_new] = trades_.emplace(more.market, more);
    if (is_new) continue;
    store::TradeSummary& sum = place->second;
    sum.count += more.count;
    sum.volume += more.volume;
    sum.buy_volume += more.buy_volume;
    sum.high = std::max(sum.high, more.high);
    sum.low = std::min(sum.low, more.low);
    sum.last_trade_id = more.last_trade_id;
    sum.last_time = more.last_time;
    sum.last_price = more.last_price;
  }
}

std::string StreamFeed::trades_due(Duration now) {
  if (trades_.empty() || now - trades_told_ < trades_every) return "";
  std::string out;
  for (const auto& [market, sum] : trades_) out += trade_event(sum, told_);
  events_ += static_cast<std::int64_t>(trades_.size());
  trades_.clear();
  trades_told_ = now;
  return out;
}

std::string StreamFeed::status_event() {
  return json_object([&](JsonWriter& json) { write_health(json, sources_.health()); });
}

std::string StreamFeed::status_due(Duration now) {
  if (now - status_looked_ < status_every) return "";
  status_looked_ = now;
  std::string status = status_event();
  if (status == status_) return "";
  status_ = std::move(status);
  ++events_;
  return event_text(fmt::format("{}", told_), "status", status_);
}

std::string StreamFeed::welcome(std::string_view last_event_id) {
  std::string out;
  StreamPlace place;
  if (!last_event_id.empty()) {
    const bool known = parse_stream_place(last_event_id, place) && place.sequence <= told_;
    const std::int64_t behind = place.number > 0 ? place.sequence - 1 : place.sequence;
    Result<store::StreamBatch> batch = journal_.events_behind(behind, {}, events_missed_max);
    if (!known || !batch || batch->cut) {
      out += reset_event(told_);
    } else {
      for (const store::StreamEvent& event : batch->events) {
        const bool told_before = event.sequence == place.sequence && event.number <= place.number;
        if (!told_before && event.sequence <= told_) out += row_event(event);
      }
      for (const store::TradeSummary& trades : batch->trades) out += trade_event(trades, told_);
    }
  }
  return out + event_text(fmt::format("{}", told_), "status", status_);
}

}  // namespace candled::server
