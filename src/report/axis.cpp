#include "report/axis.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cmath>

#include "candled/report/report.hpp"

namespace candled::report {
namespace {

constexpr double hour_s = 3600, day_s = 86'400;

// 1, 2 or 5 times a power of ten.
double round_step(double span, int about) {
  const double rough = span / about;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= rough) return factor * power;
  }
  return 10 * power;
}

int decimals_for(double step) { return step >= 1 ? 0 : static_cast<int>(std::ceil(-std::log10(step) - 1e-9)); }

std::vector<Tick> numbers(AxisKind kind, double low, double high, int about) {
  std::vector<Tick> ticks;
  const double step = round_step(high - low, about);
  const int decimals = decimals_for(kind == AxisKind::percent ? step * 100 : step);
  for (double n = std::ceil(low / step - 1e-9); n * step <= high + step * 1e-9; ++n) {
    const double at = n * step;
    ticks.push_back({at, kind == AxisKind::percent ? number_text(at * 100, decimals) + " %" : number_text(at, decimals)});
  }
  return ticks;
}

std::string day_text(double seconds) { return to_iso8601(Timestamp{static_cast<std::int64_t>(seconds) * 1'000'000'000}).substr(0, 10); }
std::string clock_text(double seconds) {
  const std::string iso = to_iso8601(Timestamp{static_cast<std::int64_t>(seconds) * 1'000'000'000});
  return iso.substr(11, 5) == "00:00" ? iso.substr(5, 5) : iso.substr(11, 5);
}

std::vector<Tick> months(double low, double high, int step_months) {
  namespace chrono = std::chrono;
  std::vector<Tick> ticks;
  const chrono::year_month_day first{chrono::sys_days{chrono::days{static_cast<int>(low / day_s)}}};
  chrono::year_month month = first.year() / chrono::month{1};
  for (;; month += chrono::months{step_months}) {
    const double at = static_cast<double>(chrono::sys_days{month / chrono::day{1}}.time_since_epoch().count()) * day_s;
    if (at > high) return ticks;
    if (at >= low) ticks.push_back({at, day_text(at).substr(0, 7)});
  }
}

std::vector<Tick> times(double low, double high, int about) {
  const double span = high - low;
  for (const double step : {60.0, 300.0, 900.0, 1800.0, hour_s, 2 * hour_s, 3 * hour_s, 6 * hour_s, 12 * hour_s, day_s, 2 * day_s, 7 * day_s, 14 * day_s}) {
    if (span / step > about) continue;
    std::vector<Tick> ticks;
    for (double at = std::ceil(low / step) * step; at <= high; at += step) ticks.push_back({at, step < day_s ? clock_text(at) : day_text(at)});
    return ticks;
  }
  for (const int step : {1, 2, 3, 6, 12}) {
    if (span / (step * 30.4 * day_s) <= about) return months(low, high, step);
  }
  return months(low, high, 12 * static_cast<int>(1 + span / (about * 365.25 * day_s)));
}

}  // namespace

std::vector<Tick> ticks_of(AxisKind kind, double low, double high, int about) {
  if (!(high > low)) return {};
  return kind == AxisKind::time ? times(low, high, about) : numbers(kind, low, high, about);
}

}  // namespace candled::report
