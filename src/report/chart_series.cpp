#include "report/chart_series.hpp"

#include <algorithm>
#include <cmath>

#include "candled/domain/enum_names.hpp"

namespace candled::report {
namespace {

constexpr std::size_t parts = 600;  // of a curve: two points each
constexpr std::size_t fills_shown_max = 500;
constexpr int digits = 10;

struct Point {
  std::int64_t second = 0;
  double value = 0;
};

std::int64_t second_of(Timestamp time) { return time.ns / Duration::seconds(1).ns; }

// The lowest and the highest point of each part, in their order.
std::vector<Point> thinned(const std::vector<Point>& points) {
  if (points.size() <= 2 * parts) return points;
  std::vector<Point> kept{points.front()};
  const auto keep = [&](const Point& point) {
    if (point.second > kept.back().second) kept.push_back(point);
  };
  for (std::size_t part = 0; part < parts; ++part) {
    const auto begin = points.begin() + static_cast<std::ptrdiff_t>(points.size() * part / parts);
    const auto end = points.begin() + static_cast<std::ptrdiff_t>(points.size() * (part + 1) / parts);
    const auto [low, high] =
        std::minmax_element(begin, end, [](const Point& a, const Point& b) { return a.value < b.value; });
    keep(low < high ? *low : *high);
    keep(low < high ? *high : *low);
  }
  keep(points.back());
  return kept;
}

template <class ValueOf>
void write_curve(JsonWriter& json, const std::vector<EquityPoint>& points, ValueOf value_of) {
  std::vector<Point> curve;
  for (const EquityPoint& point : points) curve.push_back({second_of(point.time), value_of(point)});
  json.begin_array();
  for (const Point& point : thinned(curve))
    json.begin_array().value(point.second).rounded(point.value, digits).end_array();
  json.end_array();
}

void write_fills(JsonWriter& json, const engine::StrategyResult& strategy) {
  const std::size_t every =
      strategy.fills.size() / fills_shown_max | 1;  // odd: of purchases and sales in turn it shows both
  json.begin_object().member("count", strategy.performance.fills).member("one_of", every).key("marks").begin_array();
  for (std::size_t i = 0; i < strategy.fills.size(); i += every) {
    const Fill& fill = strategy.fills[i];
    json.begin_array()
        .value(second_of(fill.time))
        .rounded(fill.price.to_double(), digits)
        .value(to_text(fill.side))
        .end_array();
  }
  json.end_array().end_object();
}

struct Bar {
  double from = 0, to = 0;
  std::int64_t count = 0;
};

std::vector<Bar> bars_of(std::vector<double> returns) {
  constexpr std::size_t bars_max = 41, returns_min = 20;
  if (returns.size() < returns_min) return {};
  std::ranges::sort(returns);
  const std::size_t cut = returns.size() / 200;  // the outermost 0.5 % of each side go into the last bars
  const double low = returns[cut], high = returns[returns.size() - 1 - cut];
  if (!(high > low)) return {};
  std::vector<Bar> bars;
  const double step = (high - low) / bars_max;
  for (std::size_t i = 0; i < bars_max; ++i)
    bars.push_back({low + step * static_cast<double>(i), low + step * static_cast<double>(i + 1), 0});
  for (const double value : returns) {
    const double place = std::clamp((value - low) / step, 0.0, static_cast<double>(bars_max - 1));
    ++bars[static_cast<std::size_t>(place)].count;
  }
  return bars;
}

void write_returns(JsonWriter& json, const engine::StrategyResult& strategy) {
  json.begin_object()
      .member("sample", to_text(strategy.performance.sample))
      .member("count", strategy.returns.size())
      .key("bars")
      .begin_array();
  for (const Bar& bar : bars_of(strategy.returns)) {
    json.begin_array().rounded(bar.from, digits).rounded(bar.to, digits).value(bar.count).end_array();
  }
  json.end_array().end_object();
}

}  // namespace

void write_chart_series(JsonWriter& json, const BacktestReport& report) {
  const std::vector<engine::StrategyResult>& strategies = report.result.strategies;
  const std::string& symbol = report.market.symbol;
  json.begin_object().member("quote", symbol.substr(symbol.find('/') + 1)).key("price");
  write_curve(json, strategies.empty() ? std::vector<EquityPoint>{} : strategies.front().equity,
              [](const EquityPoint& p) { return p.price.to_double(); });
  json.key("strategies").begin_array();
  for (const engine::StrategyResult& strategy : strategies) {
    const bool benchmark = strategy.name == trading::buy_and_hold_name || strategy.name == trading::flat_name;
    json.begin_object().member("strategy", strategy.name).member("benchmark", benchmark).key("equity");
    write_curve(json, strategy.equity, [](const EquityPoint& p) { return p.equity.to_double(); });
    write_fills(json.key("fills"), strategy);
    write_returns(json.key("returns"), strategy);
    json.end_object();
  }
  json.end_array().end_object();
}

}  // namespace candled::report
