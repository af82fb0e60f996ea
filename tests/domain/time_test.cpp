#include "candled/domain/time.hpp"

#include <catch2/catch.hpp>

#include "candled/domain/market.hpp"

using namespace candled;

TEST_CASE("RFC 3339 with any number of digits") {
  auto check = [](std::string_view text, std::string_view printed) {
    INFO(text);
    const auto time = parse_rfc3339(text);
    REQUIRE(time.has_value());
    CHECK(to_iso8601(*time) == printed);
  };
  check("2023-09-25T07:48:36.925533Z", "2023-09-25T07:48:36.925533000Z");
  check("2025-11-24T19:20:57Z", "2025-11-24T19:20:57Z");
  check("2026-08-25T03:35:57.39Z", "2026-08-25T03:35:57.390000000Z");
  check("2026-08-25T03:35:57.961269812Z", "2026-08-25T03:35:57.961269812Z");
  check("2026-08-25T05:35:57+02:00", "2026-08-25T03:35:57Z");
  check("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z");
  for (std::string_view text :
       {"", "2026-08-25", "2026-13-25T00:00:00Z", "2026-02-30T00:00:00Z", "2026-08-25T25:00:00Z", "2026-08-25T03:35:57",
        "2026-08-25T03:35:57.Z", "2026-08-25T03:35:57.1234567890Z", "9999-01-01T00:00:00Z"}) {
    INFO(text);
    CHECK_FALSE(parse_rfc3339(text).has_value());
  }
}

TEST_CASE("unix seconds are exact") {
  CHECK(parse_unix_seconds("1688669597.8277369")->ns == 1688669597827736900);
  CHECK(parse_unix_seconds("1688669597")->ns == 1688669597000000000);
  CHECK(parse_unix_seconds("1747157263.56083354321")->ns == 1747157263560833543);
  CHECK_FALSE(parse_unix_seconds("yesterday").has_value());
  CHECK_FALSE(parse_unix_seconds("99999999999999").has_value());
}

TEST_CASE("durations") {
  CHECK(*parse_duration("5m") == Duration::minutes(5));
  CHECK(*parse_duration("250ms") == Duration::milliseconds(250));
  CHECK(to_text(Duration::minutes(90)) == "90m");
  CHECK(to_text(Duration::days(30)) == "30d");
  for (std::string_view text : {"", "5", "m", "-5m", "0m", "5x", "5 m", "99999999999999d"}) {
    INFO(text);
    CHECK_FALSE(parse_duration(text).has_value());
  }
  CHECK(floor_to(Timestamp{-1}, Duration::minutes(1)).ns == -60'000'000'000);
}

TEST_CASE("market names") {
  CHECK(parse_market_name("kraken:BTC/USD")->symbol == "BTC/USD");
  CHECK(parse_market_name("kraken:AAPLx/USD").has_value());
  for (std::string_view text :
       {"BTC/USD", "kraken:", "kraken:BTC", "kraken:/USD", "kraken:BTC/", "kraken:BTC/US D", "a/b:c"}) {
    INFO(text);
    CHECK_FALSE(parse_market_name(text).has_value());
  }
}
