// The tables of a backtest's page.
#pragma once

#include <string>

#include "candled/report/report.hpp"

namespace candled::report {

std::string figures_table(const BacktestReport& report);
std::string months_table(const BacktestReport& report);
std::string rounds_table(const BacktestReport& report);

}  // namespace candled::report
