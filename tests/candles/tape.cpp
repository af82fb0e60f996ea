#include "candles/tape.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <catch2/catch.hpp>
#include <sstream>

#include "candled/domain/enum_names.hpp"

namespace candled::candles::testing {
namespace {

Timestamp seconds(const std::string& text) { return {parse_decimal(text, 9).value()}; }

template <class Use>
void each_line(std::string_view text, Use use) {
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    line.erase(std::min(line.find('#'), line.size()));
    if (line.find_first_not_of(' ') != std::string::npos) use(line);
  }
}

}  // namespace

std::vector<TapeEvent> parse_tape(std::string_view text) {
  std::vector<TapeEvent> tape;
  std::int64_t id = 0;
  each_line(text, [&](const std::string& line) {
    std::istringstream words(line);
    std::string kind, time, price, quantity, side;
    words >> kind >> time >> price >> quantity >> side;
    TapeEvent event;
    if (kind == "hole") {
      event.kind = TapeEvent::Kind::sequence_gap;
    } else if (kind == "tick") {
      event.kind = TapeEvent::Kind::watermark;
      event.time = seconds(time);
    } else {
      REQUIRE(kind == "trade");
      event.time = seconds(time);
      event.trade = {.id = ++id,
                     .time = event.time,
                     .received = event.time,
                     .price = Price::parse(price).value(),
                     .quantity = Quantity::parse(quantity).value(),
                     .side = side == "sell" ? Side::sell : Side::buy};
    }
    tape.push_back(event);
  });
  return tape;
}

void offer(CandleBuilder& builder, const TapeEvent& event, Outcome& outcome) {
  if (event.kind == TapeEvent::Kind::sequence_gap) {
    builder.add_sequence_gap();
    return;
  }
  while (std::optional<Candle> candle = builder.close_due(event.time)) outcome.candles.push_back(*candle);
  if (event.kind == TapeEvent::Kind::watermark) {
    builder.prove(event.time);
  } else if (builder.add(event.trade) == TradeFate::late) {
    outcome.late.push_back(event.trade.id);
  }
}

Outcome run(CandleBuilder builder, const std::vector<TapeEvent>& tape) {
  Outcome outcome;
  for (const TapeEvent& event : tape) offer(builder, event, outcome);
  return outcome;
}

std::string candles_text(const std::vector<Candle>& candles) {
  std::string text;
  for (const Candle& c : candles) {
    text += fmt::format("{} {} {} {} {} {} {} {} {}\n", decimal_text(c.open_time.ns, 9), to_text(c.state),
                        c.open.to_text(), c.high.to_text(), c.low.to_text(), c.close.to_text(), c.volume.to_text(),
                        c.buy_volume.to_text(), c.trades);
  }
  return text;
}

std::string tidy(std::string_view text) {
  std::string tidied;
  each_line(text, [&](const std::string& line) {
    std::istringstream words(line);
    std::string separator;
    for (std::string word; words >> word; separator = " ") tidied += separator + word;
    tidied += "\n";
  });
  return tidied;
}

void check(const CandleSettings& settings, std::string_view tape, std::string_view candles, std::string_view late) {
  INFO("tape:\n" << tape);
  const Outcome outcome = run(CandleBuilder(settings), parse_tape(tape));
  CHECK(candles_text(outcome.candles) == tidy(candles));
  CHECK(fmt::format("{}", fmt::join(outcome.late, " ")) == late);
}

}  // namespace candled::candles::testing
