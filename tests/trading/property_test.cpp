// Hundreds of thousands of random events: what must hold always, and that a restored state has the same future.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <random>

#include "trading/desk.hpp"

namespace candled::trading::testing {
namespace {

// Events of one market from a seed: candles with and without predictions, gaps, staleness, wild prices, sequence gaps.
class RandomMarket {
 public:
  explicit RandomMarket(unsigned seed) : random_(seed) {}

  void next() {
    kind_ = below(10);
    now_ = now_ + Duration::milliseconds(below(40'000));
    wander();
    trade_ = {};
    trade_.time = now_ - Duration::milliseconds(below(500));
    trade_.price = price_;
    trade_.quantity = Quantity::from_units(1 + below(5'000'000'000));
    trade_.late = below(20) == 0;
    if (kind_ == 0) make_candle();
  }
  void offer(PaperTrading& trading, std::vector<Fill>& fills, CandleReport& report) const {
    if (kind_ == 0) {
      report = report_;
      trading.on_candle(report, fills);
    } else if (kind_ == 1 && trade_.late) {
      trading.on_sequence_gap(now_);
    } else {
      trading.on_trade(trade_, fills);
    }
  }
  std::int64_t below(std::uint64_t n) { return static_cast<std::int64_t>(random_() % n); }

 private:
  void wander() {
    const std::int64_t units = price_.usual_units().value();
    if (below(2'000) == 0) {  // a leap to anywhere between one unit and the largest price
      price_ = Price::from_units(1 + static_cast<std::int64_t>(random_() >> (1 + below(62))));
    } else {
      const std::int64_t step = std::max<std::int64_t>(1, units / 200);
      const std::int64_t moved = units - step + below(static_cast<std::uint64_t>(2 * step + 1));
      price_ = Price::from_units(std::clamp<std::int64_t>(moved, 1, INT64_MAX / 2));
    }
  }
  void make_candle() {
    report_ = {};
    report_.candle.open_time = floor_to(now_, Duration::minutes(1)) - Duration::minutes(1);
    report_.candle.close = price_;
    report_.candle.low =
        Price::from_units(1 + price_.usual_units().value() - price_.usual_units().value() / (1 + below(50)));
    if (below(3) == 0) make_book();
    if (below(10) == 0) report_.candle.state = CandleState::gap;
    if (below(30) == 0) report_.candle.close = {};
    report_.end = report_.candle.open_time + Duration::minutes(1);
    report_.decision_time = report_.end + Duration::seconds(1);
    report_.closed = report_.end + Duration::seconds(below(10) == 0 ? 100 : 1);
    if (below(10) != 0) report_.prediction = prediction(static_cast<double>(below(1001)) / 1000);
  }

  void make_book() {
    BookFacts& book = report_.book.emplace();
    const std::int64_t step = std::max<std::int64_t>(1, price_.usual_units().value() / 5'000);
    std::int64_t bid = price_.usual_units().value(), ask = price_.usual_units().value();
    for (std::int64_t i = below(11); i > 0 && bid > 10 * step; --i) {
      bid -= step, ask += step;
      BookRank& rank = book.ranks[static_cast<std::size_t>(i) % book.ranks.size()];
      rank.bid = {Price::from_units(bid), Quantity::from_units(below(5'000'000'000))};
      rank.ask = {Price::from_units(ask), Quantity::from_units(below(5'000'000'000))};
    }
    std::ranges::sort(book.ranks, [](const BookRank& a, const BookRank& b) { return a.bid.price > b.bid.price; });
  }

  std::mt19937_64 random_;
  Timestamp now_ = Timestamp{} + Duration::days(20'000);
  Price price_ = Price::from_units(100 * Price::scale);
  std::int64_t kind_ = 0;
  Trade trade_;
  CandleReport report_;
};

PaperSettings random_settings(std::mt19937& random) {
  PaperSettings settings;
  const auto bps = [&] { return Fraction::from_basis_points(static_cast<double>(random() % 5'000) / 100).value(); };
  settings.costs = {.fee = bps(),
                    .half_spread = bps(),
                    .slippage = bps(),
                    .minimum_order = Money::from_units(static_cast<std::int64_t>(random() % 3) * 500'000'000),
                    .maker_fee = bps()};
  settings.latency = Duration::milliseconds(static_cast<std::int64_t>(random() % 3) * 700);
  return settings;
}

const std::vector<StrategySettings>& all_strategies() {
  static const std::vector<StrategySettings> all{
      {"d", "dynamic", {}},
      {"b", "balanced", Duration::minutes(3)},
      {"u", "ultra_aggressive", {}},
      {"l", "vote_hold", {}, {}, {{"limit_offset", 0.0005}, {"trailing_stop", 0.1}, {"maximum_drawdown", 0.6}}},
      {"t", "threshold", {}, Duration::minutes(5), {{"stop_loss", 0.03}, {"minimum_edge", 0}}},
      {"h", "buy_and_hold", {}}};
  return all;
}

std::string state_of(const PaperTrading& trading) {
  StateWriter out;
  trading.save(out);
  return out.take();
}

// A ledger of the test's own, from the fills that were handed out.
struct Books {
  std::array<WideUnits, 6> cash{}, position{};
  std::array<std::uint32_t, 6> number{};

  void enter(const Fill& fill) {
    const std::size_t i = index_of(fill.strategy);
    const WideUnits value = notional(fill.price, fill.quantity).units();
    const std::int64_t sign = fill.side == Side::buy ? 1 : -1;
    cash[i] -= sign * value + fill.fee.units();
    position[i] += sign * fill.quantity.units();
    REQUIRE(fill.number == ++number[i]);
    REQUIRE(fill.quantity.units() > 0);
    REQUIRE(fill.price.is_positive());
    REQUIRE(fill.fee.units() >= 0);
  }
};

TEST_CASE("over random events the books agree, nothing is negative, and a restored state has the same future") {
  std::array<std::size_t, 8> orders_seen{};
  std::size_t fills_seen = 0, rests = 0, restored_times = 0;
  for (unsigned seed = 1; seed <= 60; ++seed) {
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const PaperSettings settings = random_settings(random);
    RandomMarket market(seed);
    PaperTrading straight(settings, all_strategies(), Duration::minutes(1));
    PaperTrading restored(settings, all_strategies(), Duration::minutes(1));
    Books books;
    books.cash.fill(settings.starting_balance.units());
    std::vector<Fill> fills, fills_of_restored;
    CandleReport report, report_of_restored;
    for (int event = 0; event < 10'000; ++event) {
      market.next();
      if (random() % 500 == 0) {
        const std::string bytes = state_of(restored);
        restored = PaperTrading(settings, all_strategies(), Duration::minutes(1));
        StateReader in(bytes);
        REQUIRE(restored.load(in));
        REQUIRE(in.at_end());
        ++restored_times;
      }
      fills.clear(), fills_of_restored.clear();
      market.offer(straight, fills, report);
      market.offer(restored, fills_of_restored, report_of_restored);
      REQUIRE(fills.size() == fills_of_restored.size());
      if (report.orders != report_of_restored.orders) FAIL("orders");
      for (const OrderRecord& order : report.orders) ++orders_seen[static_cast<std::size_t>(order.end)];
      report.orders.clear(), report_of_restored.orders.clear();
      for (std::size_t i = 0; i < fills.size(); ++i) {
        REQUIRE(fill_text(fills[i]) == fill_text(fills_of_restored[i]));
        books.enter(fills[i]);
        if (fills[i].reason == FillReason::rest_of_position) ++rests;
      }
      fills_seen += fills.size();
      for (std::size_t i = 0; i < straight.accounts().size(); ++i) {
        const PaperAccount& account = straight.accounts()[i];
        if (account.cash().units() < 0 || account.position().units() < 0) FAIL("negative");
        if (account.cash().units() != books.cash[i] || account.position().units() != books.position[i]) FAIL("books");
        if (account.fills() != books.number[i]) FAIL("fill count");
      }
    }
    REQUIRE(state_of(straight) == state_of(restored));
  }
  CHECK(fills_seen > 20'000);
  for (std::size_t i = 0; i < orders_seen.size(); ++i) {
    INFO(text_of(static_cast<OrderEnd>(i)));
    CHECK(orders_seen[i] > 20);
  }
  CHECK(rests > 100);
  CHECK(restored_times > 500);
}

TEST_CASE("damaged state is refused and changes nothing") {
  std::mt19937 random(5);
  RandomMarket market(5);
  const PaperSettings settings;
  PaperTrading trading(settings, all_strategies(), Duration::minutes(1));
  std::vector<Fill> fills;
  CandleReport report;
  while (fills.size() < 20) {
    market.next();
    market.offer(trading, fills, report);
  }
  const std::string bytes = state_of(trading);
  PaperTrading other(settings, all_strategies(), Duration::minutes(1));
  const std::string fresh = state_of(other);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    StateReader in(std::string_view(bytes).substr(0, size));
    REQUIRE_FALSE(other.load(in));
    REQUIRE(state_of(other) == fresh);
  }
  for (int i = 0; i < 30'000; ++i) {  // hostile bytes: refused, or an account that adds up
    std::string changed = bytes;
    for (std::size_t n = 1 + random() % 3; n > 0; --n) changed[random() % changed.size()] = static_cast<char>(random());
    StateReader in(changed);
    if (other.load(in)) {
      for (const PaperAccount& account : other.accounts()) account.check_ledger();
    }
  }
}

}  // namespace
}  // namespace candled::trading::testing
