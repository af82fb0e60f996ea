// Clock features: the end of the candle on the circles of the day and the week.
#include "candled/features/indicators/clock_wave.hpp"
#include "features/family.hpp"

namespace candled::features {
namespace {

constexpr int day = 24, week = 7 * 24;
// Hours from a Thursday's midnight UTC (the epoch's) to where the circle begins.
constexpr int midnight = 0, monday = 4 * 24, asia_open = 1, europe_open = 7, us_open = 13;

template <int PeriodHours, int BeginsHours, double (ClockWave::*Read)(const ClockTurn&) const>
Column clock(Pool& pool, const P&) {
  return [&wave = pool.get<ClockWave>({{PeriodHours}}), begins = ClockTurn(PeriodHours, BeginsHours)](const Bar&) {
    return (wave.*Read)(begins);
  };
}
template <int PeriodHours, int BeginsHours>
constexpr auto sine = clock<PeriodHours, BeginsHours, &ClockWave::sine>;
template <int PeriodHours, int BeginsHours>
constexpr auto cosine = clock<PeriodHours, BeginsHours, &ClockWave::cosine>;

Family wave(const char* name, const char* formula, Column (*make)(Pool&, const P&)) {
  return {name, {}, "-1 to 1", formula, "definition", Need::candles, at_once, make};
}

}  // namespace

Families clock_families() {
  return {
      wave("hour_sin", "sine of the time of day (UTC, end of the candle)", sine<day, midnight>),
      wave("hour_cos", "cosine of the time of day", cosine<day, midnight>),
      wave("weekday_sin", "sine of the time of the week, from Monday", sine<week, monday>),
      wave("weekday_cos", "cosine of the time of the week", cosine<week, monday>),
      wave("asia_open_sin", "sine of the time since 01:00 UTC, a day being a circle", sine<day, asia_open>),
      wave("asia_open_cos", "cosine of the time since 01:00 UTC", cosine<day, asia_open>),
      wave("europe_open_sin", "sine of the time since 07:00 UTC", sine<day, europe_open>),
      wave("europe_open_cos", "cosine of the time since 07:00 UTC", cosine<day, europe_open>),
      wave("us_open_sin", "sine of the time since 13:00 UTC", sine<day, us_open>),
      wave("us_open_cos", "cosine of the time since 13:00 UTC", cosine<day, us_open>),
  };
}

}  // namespace candled::features
