#include "store/trade_replacement.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "candled/domain/made_id.hpp"
#include "candled/domain/trade_content.hpp"
#include "store/trade_row.hpp"
#include "store/trade_search.hpp"

namespace candled::store {
namespace {

// The coarsest stamps are of whole seconds.
constexpr Duration fit_reach = Duration::seconds(1);

// Of the trades in a range of made ids, those whose whole unit of time lies between ?4 and ?5.
constexpr const char* is_in_span =
    "market = ?1 AND trade_id >= ?2 AND trade_id <= ?3 AND trade_id < 0 AND time >= ?4 AND time + CASE WHEN time % "
    "1000000000 = 0 THEN 1000000000 WHEN time % 1000000 = 0 THEN 1000000 WHEN time % 1000 = 0 THEN 1000 ELSE 1 END "
    "<= ?5";
constexpr const char* replaced_columns =
    "market, sequence, trade_id, time, received, price, quantity, side, source, order_type, late";

std::string keep(const std::string& where) {
  return std::string("INSERT OR IGNORE INTO main.trade_replaced SELECT ") + replaced_columns + " FROM trade WHERE " +
         where + " AND sequence > 0";
}

// Takes of the trades without ids the one that fits best, if there is any. By rising times: the earliest of those that fit equally well.
std::optional<Trade> take_twin(std::vector<Trade>& made, const Trade& own, bool rounded) {
  std::optional<StampFit> best;
  auto twin = made.end();
  for (auto at = made.begin(); at != made.end(); ++at) {
    if (!sides_agree(at->side, own.side)) continue;
    const std::optional<StampFit> fit = twin_fit(at->time, own.time);
    if (!fit || (*fit == StampFit::rounded) != rounded || (best && *fit >= *best)) continue;
    best = fit;
    twin = at;
  }
  if (twin == made.end()) return std::nullopt;
  const Trade taken = *twin;
  made.erase(twin);
  return taken;
}

}  // namespace

TradeReplacement::TradeReplacement(const Connection& connection, std::span<const std::int64_t> markets)
    : connection_(connection),
      made_(connection, std::string("SELECT ") + trade_columns +
                            " FROM trade WHERE market = ? AND trade_id >= ? AND trade_id <= ? AND trade_id < 0 AND "
                            "time >= ? AND time <= ? ORDER BY trade_id"),
      time_(connection, "SELECT time FROM trade WHERE market = ? AND trade_id = ?"),
      keep_one_(connection, keep("market = ?1 AND trade_id = ?2")),
      keep_covered_(connection, keep(is_in_span)),
      covered_(connection, std::string("SELECT min(time), max(time), count(*) FROM trade WHERE ") + is_in_span),
      open_gaps_(connection,
                 "SELECT first_missing_id, last_missing_id FROM hole WHERE market = ? AND first_missing_id < ? AND "
                 "last_missing_id >= ? AND last_missing_id < 0 AND filled IS NULL ORDER BY first_missing_id"),
      gap_filled_(connection, "UPDATE hole SET filled = ? WHERE market = ? AND first_missing_id = ?"),
      neighbours_(
          connection,
          "SELECT (SELECT trade_id FROM trade WHERE market = ?1 AND trade_id >= 0 AND trade_id < ?2 AND time <= "
          "?4 ORDER BY trade_id DESC LIMIT 1), (SELECT trade_id FROM trade WHERE market = ?1 AND trade_id >= 0 "
          "AND trade_id >= ?3 AND time >= ?5 ORDER BY trade_id LIMIT 1)"),
      count_(connection, "SELECT count(*) FROM trade WHERE market = ? AND trade_id >= ? AND trade_id <= ?"),
      drop_one_(connection, "trade", "market = ?1 AND trade_id = ?2"),
      drop_covered_(connection, "trade", is_in_span) {
  Statement last(connection,
                 "SELECT max((SELECT coalesce(max(trade_id), -9223372036854775807) FROM trade WHERE market = ?1 AND "
                 "trade_id < 0), (SELECT coalesce(max(last_missing_id), -9223372036854775807) FROM hole WHERE market = "
                 "?1 AND last_missing_id < 0 AND filled IS NULL))");
  for (const std::int64_t market : markets) {
    OfMarket& state = markets_[market];
    last.bind(market);
    while (last.next()) {
      if (last.integer(0) != -INT64_MAX) state.last_made = time_of_made_id(last.integer(0)) + made_id_reach;
    }
  }
}

void TradeReplacement::inserted(std::int64_t market, const Trade& trade) {
  OfMarket& state = markets_[market];
  if (trade.id < 0) {
    state.last_made = std::max(state.last_made.value_or(trade.time), trade.time);
    state.proven.reset();
    return;
  }
  if (!state.last_made) return;
  if (state.proven && *state.proven <= trade.time) state.proven_in_front.emplace(trade.id, *state.proven);
  state.proven.reset();
  state.arrived.push_back(trade);
}

void TradeReplacement::proven(std::int64_t market, Timestamp until) { markets_[market].proven = until; }
void TradeReplacement::unproven(std::int64_t market) { markets_[market].proven.reset(); }

void TradeReplacement::forget() {
  for (auto& [market, state] : markets_) {
    state.arrived.clear();
    state.proven_in_front.clear();
    state.proven.reset();
  }
}

std::vector<TradeReplacement::Touched> TradeReplacement::settle() {
  std::vector<Touched> touched;
  for (auto& [market, state] : markets_) {
    if (state.arrived.empty()) continue;
    std::ranges::sort(state.arrived, {}, &Trade::id);
    std::span<const Trade> rest = state.arrived;
    while (!rest.empty()) {
      std::size_t count = 1;
      while (count < rest.size() && rest[count].id == rest[count - 1].id + 1) ++count;
      settle_chain(market, state, rest.first(count), touched);
      rest = rest.subspan(count);
    }
    state.arrived.clear();
    state.proven_in_front.clear();
  }
  return touched;
}

// Of new trades with contiguous ids.
void TradeReplacement::settle_chain(std::int64_t market, const OfMarket& state, std::span<const Trade> chain,
                                    std::vector<Touched>& touched) {
  const std::optional<Timestamp> before = time_of(market, chain.front().id - 1);
  const std::optional<Timestamp> behind = time_of(market, chain.back().id + 1);
  const auto [first, last] = std::ranges::minmax(chain, {}, &Trade::time);
  Span span{before ? std::min(*before, first.time) : first.time, behind ? std::max(*behind, last.time) : last.time};
  const auto proven = state.proven_in_front.find(chain.front().id);
  if (!before && proven != state.proven_in_front.end()) span = {std::min(proven->second, first.time), span.to, true};
  if (span.from > *state.last_made + fit_reach) return;
  take_twins(market, chain, touched);
  take_covered(market, span, touched);
  close_gaps(market, span, touched);
}

void TradeReplacement::take_twins(std::int64_t market, std::span<const Trade> chain, std::vector<Touched>& touched) {
  const auto [first, last] = std::ranges::minmax(chain, {}, &Trade::time);
  const Timestamp from = first.time - fit_reach, to = last.time + fit_reach;
  std::unordered_map<PricedQuantity, std::vector<Trade>, PricedQuantityHash> made;
  made_.bind(market, made_id_from(from), made_id_from(to + made_id_reach), from.ns, to.ns);
  while (made_.next()) {
    const Trade trade = trade_of(made_);
    made[priced_quantity_of(trade)].push_back(trade);
  }
  if (made.empty()) return;
  std::vector<Trade> by_time(chain.begin(), chain.end());
  std::ranges::stable_sort(by_time, {}, &Trade::time);
  for (const bool rounded : {false, true}) {
    std::erase_if(by_time, [&](const Trade& own) {
      const auto found = made.find(priced_quantity_of(own));
      if (found == made.end()) return false;
      const std::optional<Trade> twin = take_twin(found->second, own, rounded);
      if (!twin) return false;
      keep_one_.bind(market, twin->id).run();
      replaced_ += drop_one_.run(market, twin->id);
      touched.push_back({market, twin->time, twin->time + Duration{1}});
      return true;
    });
  }
}

void TradeReplacement::take_covered(std::int64_t market, const Span& span, std::vector<Touched>& touched) {
  const std::int64_t first = made_id_from(span.from), last = made_id_from(span.to + made_id_reach);
  const std::int64_t from = span.from_included ? span.from.ns : span.from.ns + 1;
  covered_.bind(market, first, last, from, span.to.ns);
  Touched here{market, {}, {}};
  std::int64_t count = 0;
  while (covered_.next()) {
    count = covered_.integer(2);
    here = {market, {covered_.integer(0)}, {covered_.integer(1) + 1}};
  }
  if (count == 0) return;
  keep_covered_.bind(market, first, last, from, span.to.ns).run();
  replaced_ += drop_covered_.run(market, first, last, from, span.to.ns);
  touched.push_back(here);
}

// A gap among trades without ids, over which contiguous ids reach now, is none any more.
void TradeReplacement::close_gaps(std::int64_t market, const Span& span, std::vector<Touched>& touched) {
  std::vector<std::pair<std::int64_t, std::int64_t>> open;
  open_gaps_.bind(market, made_id_from(span.to), made_id_from(span.from));
  while (open_gaps_.next()) open.emplace_back(open_gaps_.integer(0), open_gaps_.integer(1));
  for (const auto& [first, last] : open) {
    const Timestamp from = time_of_made_id(first), to = time_of_made_id(last + 1);
    if (!is_covered(market, from, to)) continue;
    gap_filled_.bind(to.ns, market, first).run();
    touched.push_back({market, from, to + Duration{1}});
  }
}

bool TradeReplacement::is_covered(std::int64_t market, Timestamp from, Timestamp to) {
  neighbours_.bind(market, past_trade_id_at(connection_, market, from + Duration{1}, own_trade_ids),
                   first_trade_id_at(connection_, market, to, own_trade_ids), from.ns, to.ns);
  std::optional<std::int64_t> before, behind;
  while (neighbours_.next()) {
    if (!neighbours_.is_null(0)) before = neighbours_.integer(0);
    if (!neighbours_.is_null(1)) behind = neighbours_.integer(1);
  }
  if (!before || !behind) return false;
  count_.bind(market, *before, *behind);
  std::int64_t stored = 0;
  while (count_.next()) stored = count_.integer(0);
  return stored == *behind - *before + 1;
}

std::optional<Timestamp> TradeReplacement::time_of(std::int64_t market, std::int64_t id) {
  std::optional<Timestamp> time;
  if (id < 0) return time;
  time_.bind(market, id);
  while (time_.next()) time = Timestamp{time_.integer(0)};
  return time;
}

}  // namespace candled::store
