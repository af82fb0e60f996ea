// The broker: walking the book, limit orders and their queue, the market's steps, and rejections with their reasons.
#include <catch2/catch.hpp>

#include "trading/book_view.hpp"
#include "trading/deal.hpp"
#include "trading/desk.hpp"

namespace candled::trading::testing {
namespace {

struct Row {
  const char *bid, *bid_quantity, *ask, *ask_quantity;
};
BookFacts book_of(std::initializer_list<Row> rows) {
  BookFacts facts;
  std::size_t i = 0;
  for (const Row& row : rows) {
    facts.ranks[i].bid = {price(row.bid), quantity(row.bid_quantity)};
    facts.ranks[i].ask = {price(row.ask), quantity(row.ask_quantity)};
    ++i;
  }
  return facts;
}

const BookFacts three_levels = book_of({{"99", "10", "101", "10"}, {"98", "20", "102", "20"}, {"90", "5", "110", "5"}});

PaperSettings settings_with(Duration latency, const MarketRules& rules = {}) {
  PaperSettings settings = free_of_charge();
  settings.latency = latency;
  settings.rules = rules;
  return settings;
}

const std::vector<StrategySettings> all_in{{"t", "threshold", {}, {}, {{"enter", 0.6}, {"leave", 0.4}}}};
std::vector<StrategySettings> limit_orders(double offset) {
  return {{"l", "threshold", {}, {}, {{"enter", 0.6}, {"leave", 0.4}, {"limit_offset", offset}}}};
}

TEST_CASE("a market order takes the book level by level, and no more than it holds") {
  Desk desk(free_of_charge(), all_in);
  // 10 @ 101 = 1010, 20 @ 102 = 2040, 5 @ 110 = 550: the rest of the money stays.
  CHECK(desk.candle({.minute = 0, .close = "100", .probability = 0.9, .book = three_levels}) ==
        "buy 10 @ 101 fee 0 at 61; buy 20 @ 102 fee 0 at 61; buy 5 @ 110 fee 0 at 61");
  CHECK(desk.orders() == "1 buy market partly filled");
  CHECK(desk.account() == "6400 + 35");
  CHECK(desk.candle({.minute = 1, .close = "100", .probability = 0.1, .book = three_levels}) ==
        "sell 10 @ 99 fee 0 at 121; sell 20 @ 98 fee 0 at 121; sell 5 @ 90 fee 0 at 121");
  CHECK(desk.orders() == "2 sell market filled");
}

TEST_CASE("the book of another candle is not used") {
  Desk desk(free_of_charge(), all_in);
  desk.candle({.minute = 0, .close = "100", .probability = 0.5, .book = three_levels});
  CHECK(desk.candle({.minute = 1, .close = "100", .probability = 0.9}) == "buy 100 @ 100 fee 0 at 121");
}

TEST_CASE("with latency the levels are never better than the tape") {
  Desk desk(settings_with(Duration::seconds(1)), all_in);
  desk.candle({.minute = 0, .close = "100", .probability = 0.9, .book = three_levels});
  CHECK(desk.trade(62, "101.5") == "buy 10 @ 101.5 fee 0 at 62; buy 20 @ 102 fee 0 at 62; buy 5 @ 110 fee 0 at 62");
  desk.candle({.minute = 1, .close = "100", .probability = 0.1, .book = three_levels});
  CHECK(desk.trade(122, "97") == "sell 10 @ 97 fee 0 at 122; sell 20 @ 97 fee 0 at 122; sell 5 @ 90 fee 0 at 122");
}

TEST_CASE("what is surely no book is not walked") {
  CHECK(BookView::of(three_levels).asks[1].price == price("102"));
  CHECK(BookView::of(three_levels).ask_count == 3);
  CHECK_FALSE(BookView::of(BookFacts{}).known());
  CHECK_FALSE(BookView::of(book_of({{"101", "1", "100", "1"}})).known());                           // crossed
  CHECK(BookView::of(book_of({{"99", "1", "101", "1"}, {"99", "1", "101", "1"}})).ask_count == 1);  // not in order
  BookView view = BookView::of(three_levels);
  CHECK(view.possible());
  view.asks[1].quantity = Quantity{};
  CHECK_FALSE(view.possible());
}

TEST_CASE("a side without a level has no liquidity") {
  BookFacts one_sided = three_levels;
  for (BookRank& rank : one_sided.ranks) rank.ask = {};
  Desk desk(free_of_charge(), all_in);
  CHECK(desk.candle({.minute = 0, .probability = 0.9, .book = one_sided}).empty());
  CHECK(desk.orders() == "1 buy market no liquidity");
  CHECK(desk.account() == "10000 + 0");
}

TEST_CASE("a limit order fills only from trades through it, at its price, with the maker's fee") {
  PaperSettings settings = settings_with(Duration::seconds(1));
  settings.costs.maker_fee = Fraction::basis_points(10);
  settings.costs.fee = Fraction::basis_points(40);
  Desk desk(settings, limit_orders(0.01));
  desk.candle({.minute = 0, .close = "100", .probability = 0.9});
  CHECK(desk.trade(61.5, "98").empty());  // not there yet: and the market has passed the limit
  CHECK(desk.trade(62, "98").empty());
  desk.candle({.minute = 1, .close = "100", .probability = 0.9});
  CHECK(desk.orders() == "1 buy 99 would take");

  CHECK(desk.trade(122, "99").empty());          // at the limit: others stand in front of us
  CHECK(desk.trade(123, "98.9", true).empty());  // late
  // 10000 / 1.001 / 99 = 100.909191...
  CHECK(desk.trade(124, "98.9", false, "60") == "buy 60 @ 99 fee 5.94 at 124 limit");
  CHECK(desk.trade(125, "99.5", false, "60").empty());
  CHECK(desk.trade(126, "98.5", false, "60") == "buy 40.90919181 @ 99 fee 4.05000999 at 126 limit");
  CHECK(desk.trade(127, "98.5").empty());
  desk.candle({.minute = 2, .close = "100", .probability = 0.1});
  CHECK(desk.orders() == "2 buy 99 filled");
  CHECK(desk.trade(182, "101", false, "500").empty());
  CHECK(desk.trade(183, "101.01", false, "0.5") == "sell 0.5 @ 101 fee 0.0505 at 183 limit");
  desk.candle({.minute = 3, .close = "100", .probability = 0.5});
  CHECK(desk.orders() == "3 sell 101 partly filled");
}

TEST_CASE("a limit order that did not fill is replaced, and one at the last price is not refused") {
  Desk desk(settings_with(Duration::seconds(1)), limit_orders(0));
  desk.candle({.minute = 0, .close = "100", .probability = 0.9});
  CHECK(desk.trade(63, "100").empty());
  desk.candle({.minute = 1, .close = "100", .probability = 0.9});
  CHECK(desk.orders() == "1 buy 100 replaced");
  desk.trading.on_sequence_gap(at(121));
  desk.candle({.minute = 2, .close = "100", .probability = 0.9});
  CHECK(desk.orders() == "2 buy 100 cancelled");
}

TEST_CASE("a restored desk knows the last price of the tape, and the book") {
  const PaperSettings settings = settings_with(Duration::seconds(1));
  Desk before(settings, limit_orders(0.01));
  before.candle({.minute = 0, .close = "100", .probability = 0.9});
  before.trade(61.5, "98");
  StateWriter out;
  before.trading.save(out);
  const std::string bytes = out.take();
  Desk after(settings, limit_orders(0.01));
  StateReader in(bytes);
  REQUIRE(after.trading.load(in));
  CHECK(after.trade(62, "98.5").empty());
  after.candle({.minute = 1, .close = "100", .probability = 0.5});
  CHECK(after.orders() == "1 buy 99 would take");
}

TEST_CASE("quantities come in lots, prices in steps against us") {
  const MarketRules rules{
      .minimum_quantity = quantity("0.01"), .lot_step = quantity("0.001"), .price_step = price("0.5")};
  PaperSettings settings = settings_with({}, rules);
  settings.costs.slippage = Fraction::basis_points(10);
  Desk desk(settings, all_in);
  CHECK(desk.candle({.minute = 0, .close = "300", .probability = 0.9}) ==
        "buy 33.277 @ 300.5 fee 0 at 61");  // 300.3 up, 33.2778...
  CHECK(desk.candle({.minute = 1, .close = "300", .probability = 0.1}) == "sell 33.277 @ 299.5 fee 0 at 121");
  CHECK(desk.account() == "9966.723 + 0");
  CHECK(on_step(price("0.3"), Side::sell, rules) == std::nullopt);
  CHECK(on_step(price("922337203.6854775807"), Side::buy, rules) == price("922337204"));
  CHECK(whole_lots(amount_of("0.0019"), rules) == amount_of("0.001"));

  PaperSettings limits = settings_with(Duration::seconds(1), rules);
  Desk resting(limits, limit_orders(0.001));
  resting.candle({.minute = 0, .close = "300", .probability = 0.9});
  CHECK(resting.trading.accounts()[0].working_order()->limit == price("299.5"));  // 299.7, down: rather not filled
}

TEST_CASE("orders below the market's minimum are rejected") {
  Desk desk(settings_with({}, {.minimum_quantity = quantity("200"), .lot_step = {}, .price_step = {}}), all_in);
  CHECK(desk.candle({.minute = 0, .probability = 0.9}).empty());
  CHECK(desk.orders() == "1 buy market below minimum");
  Desk resting(settings_with({}, {.minimum_quantity = quantity("200"), .lot_step = {}, .price_step = {}}),
               limit_orders(0.01));
  resting.candle({.minute = 0, .probability = 0.9});
  CHECK(resting.orders() == "1 buy 99 below minimum");
}

TEST_CASE("orders are told with their fate") {
  Desk desk(settings_with(Duration::seconds(1)), all_in);
  desk.candle({.minute = 0, .close = "100", .probability = 0.9});
  CHECK(desk.report.orders.empty());
  desk.trade(62.5, "100");
  desk.candle({.minute = 1, .close = "100", .probability = 0.5});
  REQUIRE(desk.report.orders.size() == 1);
  const OrderRecord& order = desk.report.orders[0];
  CHECK(order.decided_on == at(0));
  CHECK(order.active_from == at(62));
  CHECK(order.ended == at(62.5));
  CHECK(order.spend == money("10000"));
  CHECK(order.filled == amount_of("100"));
  CHECK(order.end == OrderEnd::filled);
}

}  // namespace
}  // namespace candled::trading::testing
