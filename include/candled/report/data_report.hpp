// DataReport: the result of `check data` for one market, for people and for programs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "candled/domain/candle.hpp"
#include "candled/store/quality.hpp"

namespace candled {
class JsonWriter;
}

namespace candled::report {

// Our candles compared with the exchange's own.
struct Comparison {
  std::string problem;  // why there is none; empty: there is one
  std::int64_t compared = 0;
  std::vector<Timestamp> differ;  // open times
};

// Candles that are complete on both sides; volumes may differ by the rounding of the sums.
Comparison compare(const std::vector<Candle>& ours, const std::vector<Candle>& theirs);

struct DataReport {
  store::MarketQuality quality;
  std::optional<Comparison> comparison;  // absent: not asked for
  Timestamp now;                         // by the wall clock
};

// By how much what is stored is ahead of the clock, where that is more than a minute: its times cannot be right.
std::optional<Duration> ahead(const DataReport& report);
std::string text_of(const DataReport& report);
void write_json(JsonWriter& json, const DataReport& report);

}  // namespace candled::report
