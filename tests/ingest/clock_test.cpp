// The clock of the exchange: pure arithmetic over times.
#include <catch2/catch.hpp>

#include "ingest/exchange_clock.hpp"
#include "ingest_fixtures.hpp"

namespace candled::ingest {
namespace {

constexpr Duration ms(std::int64_t n) { return Duration::milliseconds(n); }
constexpr Duration seconds(std::int64_t n) { return Duration::seconds(n); }

}  // namespace

TEST_CASE("clock: lags, never leads, whatever the latency, the phase and the local quartz") {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    std::mt19937_64 random(seed);
    const double rate = seed % 3 == 0 ? 60.0 : 1.0;
    const double quartz = 1.0 + (static_cast<double>(random() % 300) - 150.0) * 1e-6;
    const auto truth = [&](Duration local) {
      return test_epoch + Duration{static_cast<std::int64_t>(static_cast<double>(local.ns) * rate * quartz)};
    };
    ExchangeClock clock(rate);
    CHECK_FALSE(clock.passed(seconds(1)));
    Duration local = ms(static_cast<std::int64_t>(random() % 5'000));
    for (int step = 0; step < 200; ++step) {
      local = local + ms(static_cast<std::int64_t>(random() % 2'000));
      const Duration latency = ms(static_cast<std::int64_t>(random() % 200));
      if (step % 20 == 0) {
        const Duration received = local + latency * 2;
        clock.answered(floor_to(truth(local + latency), seconds(1)), local, received);
        local = received;
      } else if (random() % 2 == 0) {
        clock.saw(truth(local), local + latency);
        local = local + latency;
      }
      const Timestamp passed = *clock.passed(local);
      INFO("seed " << seed << " step " << step);
      CHECK(passed <= truth(local));
      CHECK(*clock.latest_possible(local) >= truth(local));
      CHECK(truth(local) - passed < clock.scaled(seconds(3)) + seconds(1));
    }
  }
}

TEST_CASE("clock: an exchange whose clock went back is followed; absurd stamps are told") {
  ExchangeClock clock(1.0);
  clock.answered(test_epoch, seconds(10), seconds(10) + ms(50));
  CHECK(ExchangeClock(1.0).believable_until(seconds(10)) == Timestamp{INT64_MAX});
  CHECK(clock.believable_until(seconds(10)) > test_epoch + seconds(30));
  CHECK(clock.believable_until(seconds(10)) < test_epoch + seconds(120));
  clock.answered(test_epoch - seconds(3'600), seconds(20), seconds(20) + ms(50));
  CHECK(*clock.passed(seconds(20) + ms(50)) == test_epoch - seconds(3'600));
}

TEST_CASE("no stamp beyond tomorrow is possible, unless the exchange's Time covers it") {
  const Timestamp wall{1'750'000'000'000'000'000};
  ExchangeClock clock(1.0);
  CHECK(clock.possible_until(Duration::seconds(5), wall) == wall + Duration::days(1));
  clock.answered(wall + Duration::days(30), Duration::seconds(5), Duration::seconds(5));
  CHECK(clock.possible_until(Duration::seconds(5), wall) > wall + Duration::days(30));
  CHECK(clock.possible_until(Duration::seconds(5), wall) < wall + Duration::days(30) + Duration::minutes(5));
}

}  // namespace candled::ingest
