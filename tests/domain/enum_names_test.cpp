// Names of enumerators: the numbers are what files hold, the names what views, exports and the API say. Both are a contract.
#include <catch2/catch.hpp>
#include <string>

#include "candled/domain/enum_names.hpp"

namespace candled {
namespace {

// "0 buy, 1 sell"; every name leads back to its enumerator, and so does every number.
template <NamedEnum Enum>
std::string table() {
  std::string text;
  for (const EnumName<Enum>& name : enum_names<Enum>) {
    const auto number = static_cast<std::int64_t>(name.value);
    CHECK(to_text(name.value) == name.text);
    CHECK(from_text<Enum>(name.text) == name.value);
    CHECK(from_number<Enum>(number) == name.value);
    text += (text.empty() ? "" : ", ") + std::to_string(number) + " " + std::string(name.text);
  }
  return text;
}

}  // namespace

TEST_CASE("the names of stored enumerators, and their numbers") {
  CHECK(table<Side>() == "0 buy, 1 sell, 2 ");
  CHECK(table<TradeSource>() == "0 stream, 1 rest, 2 import");
  CHECK(table<OrderType>() == "0 , 1 limit, 2 market");
  CHECK(table<CandleState>() == "0 traded, 1 quiet, 2 gap");
  CHECK(table<SignalKind>() == "0 hold, 1 buy, 2 sell");
  CHECK(table<FillReason>() ==
        "0 signal, 1 rest of position, 2 limit, 3 stop loss, 4 take profit, 5 trailing stop, 6 drawdown");
  CHECK(table<OrderEnd>() ==
        "0 filled, 1 partly filled, 2 replaced, 3 cancelled, 4 below minimum, 5 no liquidity, 6 would take, "
        "7 beyond numbers");
}

TEST_CASE("a text that is no name has no enumerator, and a number that is none has the last") {
  CHECK_FALSE(from_text<Side>("Buy"));
  CHECK_FALSE(from_text<CandleState>(""));
  CHECK(from_number<CandleState>(3) == CandleState::gap);
  CHECK(from_number<CandleState>(-1) == CandleState::gap);
  CHECK(from_number<OrderEnd>(INT64_MAX) == OrderEnd::beyond_numbers);
}

}  // namespace candled
