// The order book against a plain map of levels, and its facts against numbers computed by hand or the long way.
#include <catch2/catch.hpp>

#include <cmath>
#include <map>
#include <random>

#include "candled/domain/book_recorder.hpp"

using namespace candled;

namespace {

Price price(double value) { return Price::from_units(std::llround(value * 1e10)); }
Quantity quantity(double value) { return Quantity::from_units(std::llround(value * 1e8)); }

void set(OrderBook& book, BookSide side, double at, double amount) { book.set(side, price(at), quantity(amount)); }

std::string shown(const OrderBook& book) {
  std::string text;
  for (const BookLevel& level : book.bids()) text += level.price.to_text() + "x" + level.quantity.to_text() + " ";
  text += "|";
  for (const BookLevel& level : book.asks()) text += " " + level.price.to_text() + "x" + level.quantity.to_text();
  return text;
}

OrderBook three_levels() {
  OrderBook book(3);
  for (const double at : {99.0, 97.0, 98.0}) set(book, BookSide::bid, at, at - 95);
  for (const double at : {102.0, 101.0, 103.0}) set(book, BookSide::ask, at, at - 100);
  return book;
}

// Xu, Gould, Howison (2018), written out.
double flow_of_rank(const OrderBook& was, const OrderBook& is, std::size_t rank) {
  const auto level = [rank](std::span<const BookLevel> side) { return rank < side.size() ? &side[rank] : nullptr; };
  const auto amount = [](const BookLevel* l) { return l != nullptr ? l->quantity.to_double() : 0.0; };
  const BookLevel *b0 = level(was.bids()), *b1 = level(is.bids()), *a0 = level(was.asks()), *a1 = level(is.asks());
  const double bid0 = b0 != nullptr ? b0->price.to_double() : -1e9, bid1 = b1 != nullptr ? b1->price.to_double() : -1e9;
  const double ask0 = a0 != nullptr ? a0->price.to_double() : 1e18, ask1 = a1 != nullptr ? a1->price.to_double() : 1e18;
  const double w = bid1 > bid0 ? amount(b1) : bid1 == bid0 ? amount(b1) - amount(b0) : -amount(b0);
  const double v = ask1 < ask0 ? amount(a1) : ask1 == ask0 ? amount(a1) - amount(a0) : -amount(a0);
  return w - v;
}

}  // namespace

TEST_CASE("order book: entries apply in sequence, removing the unknown does nothing, the depth is cut once") {
  OrderBook book = three_levels();
  CHECK(shown(book) == "99x4 98x3 97x2 | 101x1 102x2 103x3");
  set(book, BookSide::bid, 98.5, 7);  // pushes 97 out, but only at the end of the message
  set(book, BookSide::bid, 99, 0);
  set(book, BookSide::bid, 50, 0);  // unknown
  set(book, BookSide::ask, 101, 5);
  set(book, BookSide::ask, 101, 6);  // the same price twice: the last one counts
  set(book, BookSide::ask, 100.5, 1);
  set(book, BookSide::ask, 100.5, 0);
  book.truncate();
  CHECK(shown(book) == "98.5x7 98x3 97x2 | 101x6 102x2 103x3");
  set(book, BookSide::ask, 100, 1);
  book.truncate();
  CHECK(shown(book) == "98.5x7 98x3 97x2 | 100x1 101x6 102x2");
  CHECK(book.two_sided());
  set(book, BookSide::bid, 100, 1);
  CHECK(book.crossed());
  CHECK_FALSE(book.two_sided());
  book.clear();
  CHECK(shown(book) == "|");
  CHECK_FALSE(book.two_sided());
}

TEST_CASE("order book: random messages leave what a map of levels holds") {
  std::mt19937_64 random(5);
  for (const std::size_t depth : {1U, 10U, 25U}) {
    OrderBook book(depth);
    std::map<Price, Quantity> bids, asks;
    for (int message = 0; message < 3000; ++message) {
      for (std::uint64_t entries = random() % 12; entries > 0; --entries) {
        const bool bid = random() % 2 == 0;
        const Price at = price(static_cast<double>(random() % 60 + (bid ? 1 : 100)));
        const Quantity amount = quantity(random() % 3 == 0 ? 0 : static_cast<double>(random() % 9));
        book.set(bid ? BookSide::bid : BookSide::ask, at, amount);
        auto& side = bid ? bids : asks;
        if (amount == Quantity{}) {
          side.erase(at);
        } else {
          side[at] = amount;
        }
      }
      book.truncate();
      while (bids.size() > depth) bids.erase(bids.begin());
      while (asks.size() > depth) asks.erase(std::prev(asks.end()));
      REQUIRE(book.bids().size() == bids.size());
      REQUIRE(book.asks().size() == asks.size());
      auto bid = bids.rbegin();
      for (const BookLevel& level : book.bids()) {
        REQUIRE(level == BookLevel{bid->first, bid->second});
        ++bid;
      }
      auto ask = asks.begin();
      for (const BookLevel& level : book.asks()) {
        REQUIRE(level == BookLevel{ask->first, ask->second});
        ++ask;
      }
    }
  }
}

TEST_CASE("book facts: a small interval by hand") {
  const Timestamp start = Timestamp{} + Duration::minutes(100);
  OrderBook book(10);
  set(book, BookSide::bid, 99, 3);
  set(book, BookSide::ask, 101, 1);
  BookRecorder recorder(Duration::minutes(1));
  CHECK_FALSE(recorder.close_due(start).has_value());
  recorder.begin(book, start + Duration::seconds(5));
  set(book, BookSide::bid, 99, 5);  // +2 at the best rank
  recorder.update(book);
  set(book, BookSide::ask, 101, 0);
  set(book, BookSide::ask, 103, 2);  // the ask has risen: +1
  recorder.update(book);
  CHECK_FALSE(recorder.close_due(start + Duration::seconds(59)).has_value());
  const auto first = recorder.close_due(start + Duration::minutes(1));
  REQUIRE(first.has_value());
  CHECK(first->open_time == start);
  CHECK(first->updates == 2);
  CHECK_FALSE(first->whole);  // it was not known for the first five seconds
  CHECK(first->ranks[0].order_flow == Approx(3));
  CHECK(first->ranks[1].order_flow == 0);
  CHECK(first->ranks[0].depth_mean == Approx((2 + 3 + 3.5) / 3));
  CHECK(first->spread_mean == Approx((2.0 / 100 + 2.0 / 100 + 4.0 / 101) / 3));
  CHECK(first->imbalance_mean[0] == Approx((2.0 / 4 + 4.0 / 6 + 3.0 / 7) / 3));
  CHECK(book_spread(*first) == Approx(4.0 / 101));
  CHECK(book_mid(*first) == Approx(101));
  CHECK(book_microprice(*first) == Approx((99.0 * 2 + 103.0 * 5) / 7));
  CHECK(book_imbalance(*first, 1) == Approx(3.0 / 7));
  CHECK(book_slopes(*first).bid == Approx(5 / (2.0 / 101)));
  CHECK(first->ranks[0].bid == BookLevel{price(99), quantity(5)});
  CHECK(first->ranks[1].bid == BookLevel{});

  const auto quiet = recorder.close_due(start + Duration::minutes(2));
  REQUIRE(quiet.has_value());
  CHECK(quiet->whole);
  CHECK(quiet->updates == 0);
  CHECK(quiet->ranks[0].order_flow == 0);
  CHECK(quiet->spread_mean == Approx(4.0 / 101));
  CHECK(quiet->ranks[0].depth_mean == Approx(3.5));
}

TEST_CASE("book facts: what was lost gives none, and the interval it came back in is not whole") {
  const Timestamp start = Timestamp{} + Duration::minutes(100);
  const auto at = [&](int seconds) { return start + Duration::seconds(seconds); };
  const OrderBook book = three_levels();
  BookRecorder recorder(Duration::minutes(1));
  recorder.begin(book, at(0));
  recorder.lost();
  recorder.update(book);
  CHECK_FALSE(recorder.close_due(at(60)).has_value());
  recorder.begin(book, at(70));
  REQUIRE(recorder.close_due(at(120)).has_value());
  recorder.lost();
  recorder.begin(book, at(130));
  const auto third = recorder.close_due(at(180));
  REQUIRE(third.has_value());
  CHECK_FALSE(third->whole);
  CHECK(third->open_time == at(120));
  // A jump of five minutes gives five intervals, one over years none.
  int given = 0;
  while (const auto facts = recorder.close_due(at(480))) {
    CHECK(facts->open_time == at(180 + 60 * given));
    CHECK(facts->whole);
    ++given;
  }
  CHECK(given == 5);
  CHECK_FALSE(recorder.close_due(at(480) + Duration::days(4000)).has_value());
  CHECK_FALSE(recorder.knows());
  recorder.begin(book, at(490) + Duration::days(4000));
  CHECK(recorder.close_due(at(540) + Duration::days(4000)).has_value());
}

TEST_CASE("book facts: order flow of every rank is the paper's formula, one-sided ranks included") {
  std::mt19937_64 random(9);
  OrderBook book(10);
  BookRecorder recorder(Duration::minutes(1));
  const Timestamp start = Timestamp{} + Duration::minutes(7);
  set(book, BookSide::bid, 100, 1);
  set(book, BookSide::ask, 200, 1);
  recorder.begin(book, start);
  std::array<double, 10> expected{};
  int updates = 0;
  for (int message = 0; message < 2000; ++message) {
    const OrderBook before = book;
    for (std::uint64_t entries = random() % 4 + 1; entries > 0; --entries) {
      const bool bid = random() % 2 == 0;
      const double offset = static_cast<double>(random() % 25);
      set(book, bid ? BookSide::bid : BookSide::ask, bid ? 100 - offset : 101 + offset,
          static_cast<double>(random() % 4));
    }
    book.truncate();
    if (!book.two_sided()) {
      book = before;
      continue;
    }
    recorder.update(book);
    ++updates;
    for (std::size_t rank = 0; rank < 10; ++rank) expected[rank] += flow_of_rank(before, book, rank);
  }
  const auto facts = recorder.close_due(start + Duration::minutes(1));
  REQUIRE(facts.has_value());
  CHECK(facts->updates == static_cast<std::uint32_t>(updates));
  for (std::size_t rank = 0; rank < 10; ++rank)
    CHECK(facts->ranks[rank].order_flow == Approx(expected[rank]).margin(1e-9));
  CHECK(std::abs(expected[0]) + std::abs(expected[9]) > 0);
  CHECK(book_imbalance(*facts, 10) >= -1);
  CHECK(book_imbalance(*facts, 10) <= 1);
}
