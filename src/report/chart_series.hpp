// What the charts of a backtest's page are drawn from, besides the report itself (web/src/report/series.ts has the same shape):
//
//   {"quote":"USD","price":[[1735689600,93354.2],...],"strategies":[{"strategy":"dynamic","benchmark":false,
//    "equity":[[1735689600,10000],...],"fills":{"count":2,"one_of":1,"marks":[[1735689600,93354.2,"buy"],...]},
//    "returns":{"sample":"1m","count":1439,"bars":[[-0.001,-0.0009,3],...]}},...]}
//
// Times are seconds since 1970. Curves of more points than a screen shows keep the lowest and the highest of each part.
#pragma once

#include "candled/domain/json_writer.hpp"
#include "candled/report/report.hpp"

namespace candled::report {

void write_chart_series(JsonWriter& json, const BacktestReport& report);

}  // namespace candled::report
