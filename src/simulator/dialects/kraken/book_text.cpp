#include "simulator/dialects/kraken/book_text.hpp"

#include <algorithm>
#include <string_view>

#include <boost/crc.hpp>

#include "simulator/number_text.hpp"

namespace candled::simulator::kraken {
namespace {

using Levels = std::vector<ShownLevel>;

constexpr std::size_t checked_levels = 10;

// Price and quantity as printed, without point and leading zeros: whole numbers at the instrument's precision.
std::uint32_t checksum_of(const BookView& book, const Instrument& instrument) {
  std::string text;
  for (const Levels* side : {&book.asks, &book.bids}) {
    for (std::size_t i = 0; i < side->size() && i < checked_levels; ++i) {
      append_integer(text, (*side)[i].tick);
      append_integer(text, instrument.steps_of((*side)[i].quantity));
    }
  }
  boost::crc_32_type crc;
  crc.process_bytes(text.data(), text.size());
  return crc.checksum();
}

void append_side(std::string& out, std::string_view name, const Levels& levels, const Instrument& instrument) {
  out.append(",\"").append(name).append("\":[");
  const char* separator = "";
  for (const ShownLevel& level : levels) {
    out.append(separator).append("{\"price\":");
    append_fixed(out, level.tick, instrument.price_decimals, instrument.price_decimals);
    out += ",\"qty\":";
    append_fixed(out, level.quantity.digits(), instrument.quantity_decimals);
    out += '}';
    separator = ",";
  }
  out += ']';
}

std::string text_of(const BookMessage& message, std::string_view type, const Levels& bids, const Levels& asks) {
  const Instrument& instrument = *message.instrument;
  std::string text = "{\"channel\":\"book\",\"type\":\"";
  text.append(type).append("\",\"data\":[{\"symbol\":\"").append(instrument.stream_name).append("\"");
  append_side(text, "bids", bids, instrument);
  append_side(text, "asks", asks, instrument);
  text += ",\"checksum\":";
  append_integer(text, checksum_of(*message.book, instrument) ^ (message.wrong ? 1U : 0U));
  text.append(",\"timestamp\":\"").append(microsecond_text(message.time)).append("\"}]}");
  return text;
}

Levels disordered(Levels entries, std::int64_t trade_id, std::int64_t far_tick) {
  if (entries.empty()) return entries;
  if (trade_id % 2 == 0) std::reverse(entries.begin(), entries.end());
  if (trade_id % 7 == 0)
    entries.insert(entries.begin(), {entries.back().tick, entries.back().quantity + Quantity::from_units(100'000'000)});
  if (trade_id % 11 == 0 && far_tick > 0) entries.push_back({far_tick, Quantity{}});
  return entries;
}

}  // namespace

std::string book_snapshot_text(const BookMessage& message) {
  return text_of(message, "snapshot", message.book->bids, message.book->asks);
}

std::string book_update_text(const BookMessage& message) {
  const BookView& book = *message.book;
  const std::int64_t far_bid = book.bids.empty() || book.bids.back().tick < 2 ? 0 : 1;
  const std::int64_t far_ask = book.asks.empty() ? 0 : book.asks.back().tick * 2;
  return text_of(message, "update", disordered(message.bids, message.to_trade, far_bid),
                 disordered(message.asks, message.to_trade, far_ask));
}

}  // namespace candled::simulator::kraken
