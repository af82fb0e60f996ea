// Twenty ways in which a feature has been made from the future, planted, and every one of them is found; honest features pass.

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <deque>
#include <functional>
#include <numeric>

#include "candled/features/feature_set.hpp"
#include "candled/features/leak_check.hpp"
#include "features/series.hpp"

namespace candled::features {
namespace {

using namespace testing;
using Series = std::vector<double>;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// A frame of closes and volumes, and one column made of it: how most feature code is written.
struct Frame {
  explicit Frame(std::span<const Candle> history) {
    for (const Candle& candle : history) {
      const bool gap = candle.state == CandleState::gap;
      open.push_back(gap ? nan : candle.open.to_double());
      high.push_back(gap ? nan : candle.high.to_double());
      close.push_back(gap ? nan : candle.close.to_double());
      volume.push_back(gap ? nan : candle.volume.to_double());
      minute.push_back(candle.open_time.ns / 60'000'000'000);
    }
  }
  std::size_t size() const { return close.size(); }
  Series open, high, close, volume;
  std::vector<std::int64_t> minute;
};

Series made(std::size_t size, const std::function<double(std::size_t)>& value) {
  Series column(size);
  for (std::size_t i = 0; i < size; ++i) column[i] = value(i);
  return column;
}
double at(const Series& x, std::ptrdiff_t i) {
  return i < 0 || i >= static_cast<std::ptrdiff_t>(x.size()) ? nan : x[static_cast<std::size_t>(i)];
}
double at(const Series& x, std::size_t i, std::ptrdiff_t step) { return at(x, static_cast<std::ptrdiff_t>(i) + step); }
Series known_of(const Series& x) {
  Series known_values;
  std::ranges::copy_if(x, std::back_inserter(known_values), [](double v) { return !std::isnan(v); });
  return known_values;
}
double mean(const Series& x) {
  const Series v = known_of(x);
  return v.empty() ? nan : std::accumulate(v.begin(), v.end(), 0.0) / static_cast<double>(v.size());
}
double deviation(const Series& x) {
  const double m = mean(x);
  Series squares;
  for (double v : known_of(x)) squares.push_back((v - m) * (v - m));
  return std::sqrt(mean(squares));
}
Series window(const Series& x, std::size_t i, std::ptrdiff_t from, std::ptrdiff_t to) {
  Series values;
  for (std::ptrdiff_t step = from; step <= to; ++step) values.push_back(at(x, i, step));
  return values;
}
Series returns(const Frame& f) {
  return made(f.size(), [&](std::size_t i) { return f.close[i] / at(f.close, i, -1) - 1; });
}
Series ema(const Series& x, double factor) {
  double e = nan;
  return made(x.size(), [&](std::size_t i) {
    if (!std::isnan(x[i])) e = std::isnan(e) ? x[i] : e + factor * (x[i] - e);
    return e;
  });
}
Series reversed(Series x) {
  std::ranges::reverse(x);
  return x;
}
// All candles of the same day (or other span of minutes) as candle i, up to `last`.
Series of_the_span(const Frame& f, const Series& x, std::size_t i, std::int64_t minutes, std::size_t last) {
  Series values;
  for (std::size_t j = 0; j <= last; ++j) {
    if (f.minute[j] / minutes == f.minute[i] / minutes) values.push_back(x[j]);
  }
  return values;
}
double largest(const Series& x) {
  const Series v = known_of(x);
  return v.empty() ? nan : *std::ranges::max_element(v);
}

struct Double {
  const char* name;
  std::function<Series(const Frame&)> column;
};

const std::vector<Double>& leaks() {
  static const std::vector<Double> doubles = {
      {"the next row's value",
       [](const Frame& f) { return made(f.size(), [&](auto i) { return at(f.close, i, 1) / f.close[i] - 1; }); }},
      {"the unclosed candle: its open is there already",
       [](const Frame& f) { return made(f.size(), [&](auto i) { return at(f.open, i, 1) / f.close[i] - 1; }); }},
      {"a shift with the wrong sign",
       [](const Frame& f) { return made(f.size(), [&](auto i) { return f.close[i] / at(f.close, i, 5) - 1; }); }},
      {"a centred window",
       [](const Frame& f) { return made(f.size(), [&](auto i) { return mean(window(f.close, i, -5, 5)); }); }},
      {"the mean of the whole frame",
       [](const Frame& f) { return made(f.size(), [&, m = mean(f.close)](auto i) { return f.close[i] / m - 1; }); }},
      {"the deviation of the whole frame",
       [](const Frame& f) {
         return made(f.size(), [r = returns(f), d = deviation(returns(f))](auto i) { return r[i] / d; });
       }},
      {"normalised by the maximum to come",
       [](const Frame& f) { return made(f.size(), [&, m = largest(f.close)](auto i) { return f.close[i] / m; }); }},
      {"the rank in the whole frame",
       [](const Frame& f) {
         return made(f.size(), [&](auto i) {
           return static_cast<double>(std::ranges::count_if(f.close, [&](double c) { return c < f.close[i]; })) /
                  static_cast<double>(f.size());
         });
       }},
      {"a threshold at a quantile of the whole frame",
       [](const Frame& f) {
         Series sorted = known_of(f.volume);
         std::ranges::sort(sorted);
         const double line = sorted[sorted.size() * 9 / 10];
         return made(f.size(), [&](auto i) { return f.volume[i] / line; });
       }},
      {"NaN filled backwards",
       [](const Frame& f) {
         Series x = made(f.size(), [&](auto i) { return mean(window(f.volume, i, -3, 0)) + 0 * at(f.volume, i, -3); });
         for (std::size_t i = x.size() - 1; i-- > 0;) x[i] = std::isnan(x[i]) ? x[i + 1] : x[i];
         return x;
       }},
      {"NaN filled by interpolation",
       [](const Frame& f) {
         return made(f.size(), [&](auto i) {
           if (!std::isnan(f.close[i])) return 1.0;
           const double before = at(f.close, i, -1), behind = at(f.close, i, 1);
           return std::isnan(behind) ? 1.0 : (before + behind) / 2;
         });
       }},
      {"the volume to come",
       [](const Frame& f) {
         return made(f.size(), [&](auto i) { return f.volume[i] / mean(window(f.volume, i, 0, 10)); });
       }},
      {"the day's high, all day",
       [](const Frame& f) {
         return made(f.size(),
                     [&](auto i) { return f.close[i] / largest(of_the_span(f, f.high, i, 1440, f.size() - 1)); });
       }},
      {"the day's mean price, all day",
       [](const Frame& f) {
         return made(f.size(),
                     [&](auto i) { return f.close[i] / mean(of_the_span(f, f.close, i, 1440, f.size() - 1)); });
       }},
      {"the close of the five-minute candle that is still open",
       [](const Frame& f) {
         return made(f.size(), [&](auto i) {
           const Series five = of_the_span(f, f.close, i, 5, f.size() - 1);
           return five.back() / f.close[i] - 1;
         });
       }},
      {"a smoother that runs both ways",
       [](const Frame& f) { return reversed(ema(reversed(ema(f.close, 0.2)), 0.2)); }},
      {"an average that runs from the end", [](const Frame& f) { return reversed(ema(reversed(f.close), 0.1)); }},
      {"a pivot that later candles confirm",
       [](const Frame& f) {
         return made(f.size(), [&](auto i) { return f.high[i] >= largest(window(f.high, i, -3, 3)) ? 1.0 : 0.0; });
       }},
      {"a slope fitted on the whole frame",
       [](const Frame& f) {
         const Series r = returns(f);
         double xy = 0, xx = 0;
         for (std::size_t i = 1; i < r.size(); ++i) {
           const double product = r[i] * at(r, i, -1);
           if (!std::isnan(product)) xy += product, xx += r[i] * r[i];
         }
         return made(f.size(), [r, slope = xy / xx](auto i) { return r[i] * slope; });
       }},
      {"the label's mean by hour of the day",
       [](const Frame& f) {
         const Series r = returns(f);
         return made(f.size(), [&](auto i) {
           Series same_hour;
           for (std::size_t j = 0; j < r.size(); ++j) {
             if (f.minute[j] / 60 % 24 == f.minute[i] / 60 % 24) same_hour.push_back(at(r, j, 1));
           }
           return mean(same_hour);
         });
       }},
      {"counted from the end",
       [](const Frame& f) { return made(f.size(), [&](auto i) { return static_cast<double>(f.size() - i); }); }},
      {"a trace of the label",
       [](const Frame& f) {
         return made(f.size(), [&](auto i) { return returns(f)[i] + (at(f.close, i, 5) > f.close[i] ? 1e-12 : 0.0); });
       }},
  };
  return doubles;
}

const std::vector<Double>& honest() {
  static const std::vector<Double> doubles = {
      {"a trailing window",
       [](const Frame& f) { return made(f.size(), [&](auto i) { return mean(window(f.close, i, -10, 0)); }); }},
      {"a mean that grows",
       [](const Frame& f) {
         return made(f.size(), [&](auto i) {
           return mean(Series(f.close.begin(), f.close.begin() + static_cast<std::ptrdiff_t>(i) + 1));
         });
       }},
      {"an average that runs forward", [](const Frame& f) { return ema(f.close, 0.1); }},
      {"the day so far",
       [](const Frame& f) {
         return made(f.size(), [&](auto i) { return f.close[i] / largest(of_the_span(f, f.high, i, 1440, i)); });
       }},
      {"NaN filled forwards",
       [](const Frame& f) {
         double last = nan;
         return made(f.size(), [&](auto i) { return last = std::isnan(f.close[i]) ? last : f.close[i]; });
       }},
  };
  return doubles;
}

MakeRows rows_of(const Double& one) {
  return [&one](std::span<const Candle> history) {
    std::vector<std::vector<double>> rows;
    for (double value : one.column(Frame(history))) rows.push_back({value});
    return rows;
  };
}

std::vector<Candle> history() { return made_market(400, 91, {.quiet_share = 0.03, .gap_share = 0.04}); }

TEST_CASE("twenty leaks and two more are all found") {
  const std::vector<Candle> candles = history();
  const std::vector<std::size_t> cuts = choose_cuts(candles.size(), 60, 1);
  CHECK(leaks().size() >= 20);
  for (const Double& leak : leaks()) {
    INFO(leak.name);
    CHECK(find_leak(rows_of(leak), candles, cuts).has_value());
  }
}

TEST_CASE("honest features pass, and so does every one of ours") {
  const std::vector<Candle> candles = history();
  const std::vector<std::size_t> cuts = choose_cuts(candles.size(), 60, 2);
  for (const Double& one : honest()) {
    INFO(one.name);
    CHECK_FALSE(find_leak(rows_of(one), candles, cuts).has_value());
  }
  for (const std::vector<std::string>& names : {default_features(), raw_indicators()}) {
    const MakeRows rows = [&](std::span<const Candle> cut) {
      FeatureSet features(Duration::minutes(1), names);
      std::vector<std::vector<double>> made_rows;
      for (const Candle& candle : cut) {
        const std::span<const double> row = features.update(candle);
        made_rows.emplace_back(row.begin(), row.end());
      }
      return made_rows;
    };
    CHECK_FALSE(find_leak(rows, candles, cuts).has_value());
  }
}

TEST_CASE("cuts are different places, rising, the same for the same seed, and all of them when asked for more") {
  const std::vector<std::size_t> cuts = choose_cuts(1000, 100, 7);
  CHECK(cuts.size() == 100);
  CHECK(std::ranges::is_sorted(cuts, std::less_equal<>()) == true);
  CHECK(cuts.back() < 1000);
  CHECK(cuts == choose_cuts(1000, 100, 7));
  CHECK(cuts != choose_cuts(1000, 100, 8));
  CHECK(choose_cuts(5, 100, 1) == std::vector<std::size_t>{0, 1, 2, 3, 4});
  CHECK(choose_cuts(0, 100, 1).empty());
}

TEST_CASE("a difference is found by its bits") {
  const std::vector<double> row = {1, nan, 0.0};
  CHECK_FALSE(first_difference(row, row));
  CHECK(first_difference(row, std::vector<double>{1, nan, -0.0}) == std::optional<std::size_t>(2));
  CHECK(first_difference(row, std::vector<double>{1, 2, 0.0}) == std::optional<std::size_t>(1));
  CHECK(first_difference(row, std::vector<double>{1, nan}) == std::optional<std::size_t>(2));
  CHECK(first_difference(row, std::vector<double>{std::nextafter(1.0, 2.0), nan, 0.0}) ==
        std::optional<std::size_t>(0));
}

}  // namespace
}  // namespace candled::features
