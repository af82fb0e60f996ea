// The charts and tables of a backtest's report.
#pragma once

#include <string>

#include "candled/report/report.hpp"

namespace candled::report {

std::string figures_table(const BacktestReport& report);
std::string months_table(const BacktestReport& report);
std::string rounds_table(const BacktestReport& report);
std::string equity_chart(const BacktestReport& report);
std::string drawdown_chart(const BacktestReport& report);
std::string trade_charts(const BacktestReport& report);
std::string return_charts(const BacktestReport& report);
std::string calibration_chart(const BacktestReport& report);
std::string importance_chart(const BacktestReport& report);

// The colour of strategy i: the benchmarks are grey.
int color_of(const BacktestReport& report, std::size_t i);

}  // namespace candled::report
