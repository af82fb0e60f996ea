#include "app/backtest/report.hpp"

namespace candled::app {

std::string report_html(const BacktestReport& report) { return report_text(report); }

}  // namespace candled::app
