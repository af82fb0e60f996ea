// aggregate: the candles of a repaired stretch.
#include <catch2/catch.hpp>

#include "candled/candles/aggregate.hpp"
#include "candles/tape.hpp"

namespace candled::candles::testing {
namespace {

Timestamp at(std::int64_t seconds) { return Timestamp{} + Duration::seconds(seconds); }

void check_aggregate(TimeRange range, std::string_view tape, const std::vector<TimeRange>& unknown,
                     std::string_view last_close, std::string_view candles) {
  INFO("trades:\n" << tape);
  std::vector<Trade> trades;
  for (const TapeEvent& event : parse_tape(tape)) trades.push_back(event.trade);
  const Stretch stretch{range, trades, unknown, Price::parse(last_close).value()};
  CHECK(candles_text(aggregate(stretch, Duration::minutes(1))) == tidy(candles));
}

TEST_CASE("aggregate fills quiet minutes from the close before the range") {
  check_aggregate({at(60), at(300)}, "trade 130 101 1 buy\n trade 170 99 2 sell", {}, "100", R"(
    60  quiet 100 100 100 100 0 0 0
    120 traded 101 101 99 99 3 1 2
    180 quiet 99 99 99 99 0 0 0
    240 quiet 99 99 99 99 0 0 0)");
}

TEST_CASE("aggregate takes only trades of the range, whatever order their times have") {
  check_aggregate({at(60), at(180)}, R"(
    trade 59.999999999 1 1 buy
    trade 121 101 1 buy
    trade 119 100 1 buy
    trade 60 98 1 buy
    trade 180 2 1 buy)",
                  {}, "50", R"(
    60  traded 100 100 98 98 2 2 2
    120 traded 101 101 101 101 1 1 1)");
}

TEST_CASE("aggregate: what is still unknown stays a gap and keeps known prices") {
  check_aggregate({at(0), at(240)}, "trade 70 101 1 buy", {{at(65), at(121)}}, "100", R"(
    0   quiet 100 100 100 100 0 0 0
    60  gap 101 101 101 101 1 1 1
    120 gap 0 0 0 0 0 0 0
    180 quiet 101 101 101 101 0 0 0)");
  // A sequence gap that ends where a candle starts does not touch it.
  check_aggregate({at(0), at(120)}, "", {{at(0), at(60)}}, "100", R"(
    0  gap 0 0 0 0 0 0 0
    60 quiet 100 100 100 100 0 0 0)");
}

TEST_CASE("aggregate without any known price knows nothing") {
  check_aggregate({at(0), at(120)}, "trade 60 100 1 buy", {}, "0", R"(
    0  gap 0 0 0 0 0 0 0
    60 traded 100 100 100 100 1 1 1)");
  check_aggregate({at(60), at(60)}, "trade 60 100 1 buy", {}, "0", "");
}

}  // namespace
}  // namespace candled::candles::testing
