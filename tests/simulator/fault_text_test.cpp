// The one line that describes a fault.
#include <catch2/catch.hpp>

#include "candled/simulator/faults.hpp"

using namespace candled;
using namespace candled::simulator;

TEST_CASE("faults are read from text") {
  const ScheduledFault cut = parse_fault("cut?seconds=5.5&trades=20&at_trade=1000").value();
  CHECK(cut.fault.kind == FaultKind::cut);
  CHECK(cut.fault.seconds == 5.5);
  CHECK(cut.fault.trades == 20);
  CHECK(cut.moment == FaultMoment::at_trade);
  CHECK(cut.at == 1000);

  CHECK(parse_fault("drop").value().moment == FaultMoment::now);
  CHECK(parse_fault("stall_symbol?symbol=ETH%2FUSD").value().fault.symbol == "ETH/USD");
  CHECK(parse_fault("stall_symbol?symbol=ETH/USD").value().fault.symbol == "ETH/USD");
  CHECK(parse_fault("drop?probability=0.25").value().probability == 0.25);
  CHECK(parse_fault("maintenance?after_market_seconds=0.5").value().at == 500);
  CHECK(parse_fault("bad_frame?frame=huge&amount=1000").value().fault.frame == "huge");
}

TEST_CASE("every kind has a name that reads back") {
  for (std::size_t i = 0; i < fault_kinds; ++i) {
    const auto kind = static_cast<FaultKind>(i);
    const Result<ScheduledFault> fault = parse_fault(std::string(name_of(kind)) + "?symbol=BTC/USD");
    REQUIRE(fault.has_value());
    CHECK(fault->fault.kind == kind);
  }
}

TEST_CASE("wrong fault texts are refused with the reason") {
  const auto check = [](const char* text, const char* message) {
    const Result<ScheduledFault> fault = parse_fault(text);
    REQUIRE_FALSE(fault.has_value());
    INFO(fault.error().message);
    CHECK(fault.error().message.find(message) != std::string::npos);
  };
  check("explode", "no fault is called 'explode'");
  check("", "no fault is called ''");
  check("cut?colour=red", "no parameter 'colour'");
  check("cut?seconds=-1", "bad value '-1' for 'seconds'");
  check("cut?seconds=nan", "bad value");
  check("drop?trades=1.5", "bad value '1.5' for 'trades'");
  check("drop?every_trades=0", "bad value '0' for 'every_trades'");
  check("drop?at_trade=5&every_trades=5", "for 'every_trades'");
  check("bad_frame?frame=pretty", "bad value 'pretty'");
  check("stall_symbol", "needs a symbol");
}
