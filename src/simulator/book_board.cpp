#include "simulator/book_board.hpp"

#include <algorithm>

namespace candled::simulator {
namespace {

using Levels = std::vector<ShownLevel>;

Levels::const_iterator level_at(const Levels& side, std::int64_t tick) {
  return std::find_if(side.begin(), side.end(), [tick](const ShownLevel& level) { return level.tick == tick; });
}

// Behind the last level of a side that is full.
bool is_beyond(const Levels& side, std::int64_t tick, std::size_t depth) {
  if (side.size() < depth || side.empty()) return false;
  return side.front().tick <= side.back().tick ? side.back().tick < tick : tick < side.back().tick;
}

// What turns one side into the other for a client.
Levels changes(const Levels& was, const Levels& is, std::size_t depth, bool clients_cut) {
  Levels entries;
  for (const ShownLevel& level : was) {
    const bool is_cut = clients_cut && is_beyond(is, level.tick, depth);
    if (level_at(is, level.tick) == is.end() && !is_cut) entries.push_back({level.tick, Quantity{}});
  }
  for (const ShownLevel& level : is) {
    const auto known = level_at(was, level.tick);
    if (known == was.end() || known->quantity != level.quantity) entries.push_back(level);
  }
  return entries;
}

// The trade that a market's book stands around: before the first one the next, or one at the usual price.
Trade center_of(const SimulatedMarket& market) {
  if (!market.history.empty()) return market.history.back();
  if (const Trade* next = market.tape->peek()) return *next;
  Trade none;
  none.price =
      Price::from_units(static_cast<std::int64_t>(market.instrument.usual_price * static_cast<double>(Price::scale)));
  return none;
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

BookBoard::Shown BookBoard::current(const SimulatedMarket& market, std::size_t depth) {
  const BookMaker& maker = makers_.try_emplace(market.instrument.symbol, market.instrument, seed_).first->second;
  const Trade center = center_of(market);
  return {std::make_shared<const BookView>(maker.view(center, depth)), center.id};
}

BookMessage BookBoard::snapshot(const SimulatedMarket& market, std::size_t depth, bool shared, Timestamp now) {
  Shown& shown = shown_[std::make_pair(market.instrument.symbol, depth)];
  if (!shared || shown.book == nullptr) shown = current(market, depth);
  return {.instrument = &market.instrument,
          .book = shown.book,
          .from_trade = shown.trade,
          .to_trade = shown.trade,
          .time = now};
}

std::optional<BookMessage> BookBoard::update(const SimulatedMarket& market, std::size_t depth) {
  Shown& shown = shown_[std::make_pair(market.instrument.symbol, depth)];
  Shown now = current(market, depth);
  static const BookView nothing;
  const BookView& was = shown.book != nullptr ? *shown.book : nothing;
  BookMessage message{.instrument = &market.instrument,
                      .book = now.book,
                      .bids = changes(was.bids, now.book->bids, depth, clients_cut_),
                      .asks = changes(was.asks, now.book->asks, depth, clients_cut_),
                      .from_trade = shown.trade,
                      .to_trade = now.trade,
                      .time = market.history.back().time};
  if (message.bids.empty() && message.asks.empty()) return std::nullopt;
  shown = std::move(now);
  if (counts_down(unsent_left_, market.instrument.symbol)) return std::nullopt;
  message.wrong = counts_down(wrong_left_, market.instrument.symbol);
  return message;
}

}  // namespace candled::simulator
