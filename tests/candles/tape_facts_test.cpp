// What a candle tells about its trades beside prices and sums: watermarks, turnover, the largest trade, the longest pause.
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "candles/tape.hpp"

namespace candled::candles::testing {
namespace {

constexpr CandleSettings minute{.interval = Duration::minutes(1), .grace = Duration::seconds(1)};

std::string text_of(const Candle& candle) {
  if (!candle.tape.known) return "unknown";
  const Tape& tape = candle.tape;
  return fmt::format("buys {} up {} down {} largest {} turnover {} pause {}", tape.buy_trades, tape.up_ticks,
                     tape.down_ticks, tape.largest.to_text(), tape.turnover.to_text(),
                     decimal_text(tape.longest_pause.ns, 9));
}

// One line a candle.
void check_tape(std::string_view tape, const std::vector<std::string>& expected) {
  INFO(tape);
  std::vector<std::string> lines;
  for (const Candle& candle : run(CandleBuilder(minute), parse_tape(tape)).candles) lines.push_back(text_of(candle));
  CHECK(lines == expected);
}

TEST_CASE("watermarks, largest trade, turnover and pauses of a candle") {
  check_tape(R"(
    tick 0
    trade 10 100 1 buy
    trade 20 101 2 buy
    trade 50 101 4 sell
    trade 55 99  0.5 sell
    tick 61)",
             {"buys 2 up 1 down 1 largest 4 turnover 755.5 pause 30"});
}

TEST_CASE("the first watermark is against the close before, and the pauses at the edges count") {
  check_tape(
      R"(
    tick 0
    trade 10 100 1 buy
    trade 105 101 1 buy
    trade 110 100 1 buy
    tick 121
    tick 181)",
      {"buys 1 up 0 down 0 largest 1 turnover 100 pause 50", "buys 2 up 1 down 1 largest 1 turnover 201 pause 45",
       "buys 0 up 0 down 0 largest 0 turnover 0 pause 60"});
}

TEST_CASE("a gap tells nothing") {
  check_tape("tick 0\n trade 10 100 1 buy\n hole\n trade 70 100 1 buy\n tick 121", {"unknown", "unknown"});
}

TEST_CASE("a trade whose side is not known leaves what takers bought unknown") {
  std::vector<TapeEvent> tape = parse_tape("tick 0\n trade 10 100 1 buy\n trade 20 100 2 buy\n tick 61");
  tape[2].trade.side = Side::unknown;
  const Candle candle = run(CandleBuilder(minute), tape).candles.at(0);
  CHECK(!candle.buy_volume_known);
  CHECK(candle.buy_volume == Volume{});
  CHECK(candle.volume == Volume::parse("3").value());
  CHECK(candle.tape.known);
}

TEST_CASE("a turnover beyond Money is not known, and the candle stands all the same") {
  std::vector<TapeEvent> tape =
      parse_tape("tick 0\n trade 10 1 1 buy\n trade 11 500000000000000000 500000000000000000 buy\n tick 61");
  const Candle candle = run(CandleBuilder(minute), tape).candles.at(0);
  CHECK(candle.state == CandleState::traded);
  CHECK(!candle.tape.known);
}

}  // namespace
}  // namespace candled::candles::testing
