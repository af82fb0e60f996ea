#include "simulator/book_board.hpp"

#include <algorithm>
#include <boost/crc.hpp>

namespace candled::simulator {
namespace {

constexpr std::size_t checked_levels = 10;

// Writes the parts of one book message.
class BookText {
 public:
  BookText(const Pair& pair, std::int64_t tick_units, std::string_view type) : pair_(pair), tick_units_(tick_units) {
    text_.append("{\"channel\":\"book\",\"type\":\"").append(type).append("\",\"data\":[{\"symbol\":\"").append(pair.symbol).append("\"");
  }
  void begin(std::string_view side) {
    text_.append(",\"").append(side).append("\":[");
    first_ = true;
  }
  void level(const ShownLevel& level) {
    text_.append(first_ ? "{\"price\":" : ",{\"price\":");
    first_ = false;
    append_fixed(text_, level.tick * tick_units_, Price::decimals, pair_.price_decimals);
    text_ += ",\"qty\":";
    append_fixed(text_, level.quantity.units(), Quantity::decimals, pair_.quantity_decimals);
    text_ += '}';
  }
  void end() { text_ += ']'; }
  Frame finish(std::uint32_t checksum, Timestamp time) {
    text_.append(",\"checksum\":").append(std::to_string(checksum)).append(",\"timestamp\":\"").append(microsecond_text(time)).append("\"}]}");
    return make_frame(std::move(text_));
  }

 private:
  const Pair& pair_;
  std::int64_t tick_units_;
  std::string text_;
  bool first_ = true;
};

// Price and quantity as printed, without point and leading zeros: whole numbers at the pair's precision.
std::uint32_t checksum_of(const BookView& view, const Pair& pair) {
  std::int64_t step = 1;
  for (int i = pair.quantity_decimals; i < Quantity::decimals; ++i) step *= 10;
  std::string text;
  for (const std::vector<ShownLevel>* side : {&view.asks, &view.bids}) {
    for (std::size_t i = 0; i < side->size() && i < checked_levels; ++i) {
      text += std::to_string((*side)[i].tick) + std::to_string((*side)[i].quantity.units() / step);
    }
  }
  boost::crc_32_type crc;
  crc.process_bytes(text.data(), text.size());
  return crc.checksum();
}

// What turns one side into the other for a client that cuts to the depth.
std::vector<ShownLevel> changes(const std::vector<ShownLevel>& was, const std::vector<ShownLevel>& is, std::size_t depth) {
  std::vector<ShownLevel> entries;
  const auto find = [](const std::vector<ShownLevel>& side, std::int64_t tick) {
    return std::find_if(side.begin(), side.end(), [tick](const ShownLevel& level) { return level.tick == tick; });
  };
  const auto nearer = [&](std::int64_t a, std::int64_t b) { return !is.empty() && (is.front().tick <= is.back().tick) == (a < b); };
  for (const ShownLevel& level : was) {
    const bool pushed_out = is.size() == depth && nearer(is.back().tick, level.tick);
    if (find(is, level.tick) == is.end() && !pushed_out) entries.push_back({level.tick, Quantity{}});
  }
  for (const ShownLevel& level : is) {
    const auto known = find(was, level.tick);
    if (known == was.end() || known->quantity != level.quantity) entries.push_back(level);
  }
  return entries;
}

// In no particular order, now and then with a price twice or a removal of nothing.
void disorder(std::vector<ShownLevel>& entries, std::int64_t trade_id, std::int64_t far_tick) {
  if (entries.empty()) return;
  if (trade_id % 2 == 0) std::reverse(entries.begin(), entries.end());
  if (trade_id % 7 == 0) entries.insert(entries.begin(), {entries.back().tick, entries.back().quantity + Quantity::from_units(100'000'000)});
  if (trade_id % 11 == 0 && far_tick > 0) entries.push_back({far_tick, Quantity{}});
}

}  // namespace

bool BookBoard::counts_down(Countdown& left, const std::string& symbol) {
  bool counted = false;
  for (const std::string& key : {symbol, std::string()}) {
    const auto at = left.find(key);
    if (at == left.end() || at->second <= 0) continue;
    --at->second;
    counted = true;
  }
  return counted;
}

void BookBoard::clear_faults() {
  wrong_left_.clear();
  unsent_left_.clear();
}

const BookMaker& BookBoard::maker(const SimulatedMarket& market) {
  return makers_.try_emplace(market.pair.symbol, market.pair, seed_).first->second;
}

// Before the first trade the book stands around the next one, or around the usual price.
BookView BookBoard::current(const SimulatedMarket& market, std::size_t depth) {
  if (!market.history.empty()) return maker(market).view(market.history.back(), depth);
  if (const Trade* next = market.tape->peek()) return maker(market).view(*next, depth);
  Trade none;
  none.price = Price::from_units(static_cast<std::int64_t>(market.pair.usual_price * static_cast<double>(Price::scale)));
  return maker(market).view(none, depth);
}

Frame BookBoard::snapshot(const SimulatedMarket& market, std::size_t depth, bool shared, Timestamp now) {
  const auto key = std::make_pair(market.pair.symbol, depth);
  if (!shared || !shown_.contains(key)) shown_[key] = current(market, depth);
  const BookView& view = shown_[key];
  BookText text(market.pair, maker(market).tick_units(), "snapshot");
  text.begin("bids");
  for (const ShownLevel& level : view.bids) text.level(level);
  text.end();
  text.begin("asks");
  for (const ShownLevel& level : view.asks) text.level(level);
  text.end();
  return text.finish(checksum_of(view, market.pair), now);
}

Frame BookBoard::update(const SimulatedMarket& market, std::size_t depth) {
  BookView& was = shown_[std::make_pair(market.pair.symbol, depth)];
  BookView is = current(market, depth);
  const Trade& trade = market.history.back();
  std::vector<ShownLevel> bids = changes(was.bids, is.bids, depth), asks = changes(was.asks, is.asks, depth);
  if (bids.empty() && asks.empty()) return nullptr;
  disorder(bids, trade.id, is.bids.empty() || is.bids.back().tick < 2 ? 0 : 1);
  disorder(asks, trade.id, is.asks.empty() ? 0 : is.asks.back().tick * 2);
  was = std::move(is);
  if (counts_down(unsent_left_, market.pair.symbol)) return nullptr;
  BookText text(market.pair, maker(market).tick_units(), "update");
  text.begin("bids");
  for (const ShownLevel& level : bids) text.level(level);
  text.end();
  text.begin("asks");
  for (const ShownLevel& level : asks) text.level(level);
  text.end();
  const std::uint32_t wrong = counts_down(wrong_left_, market.pair.symbol) ? 1 : 0;
  return text.finish(checksum_of(was, market.pair) ^ wrong, trade.time);
}

}  // namespace candled::simulator
