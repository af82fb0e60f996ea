#include "candled/candles/settings.hpp"

#include "candled/domain/section.hpp"

namespace candled::candles {
namespace {

constexpr Duration interval_min = Duration::seconds(1);
constexpr Duration interval_max = Duration::days(1);

}  // namespace

void describe(Section& section, CandleSettings& settings) {
  section.duration({.name = "interval",
                    .help = "Length of a candle, \"1s\" to \"1d\"; must divide a day. A [[market]] can have its own."},
                   settings.interval, interval_min, interval_max);
  section.duration(
      {.name = "grace",
       .help = "How long after its end a candle waits for trades that the exchange stamped inside it, \"1ms\" to "
               "\"10m\"; less than every interval. Longer: fewer late trades, later decisions."},
      settings.grace, Duration::milliseconds(1), Duration::minutes(10));
}

void describe_interval(Section& section, std::optional<Duration>& interval) {
  section.duration(
      {.name = "interval",
       .help =
           "Length of this market's candles, \"1s\" to \"1d\"; must divide a day. (default: the interval of [candles])",
       .example = "\"1m\""},
      interval, interval_min, interval_max);
}

}  // namespace candled::candles
