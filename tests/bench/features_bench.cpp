// Nanoseconds per candle: the whole default feature row, the 48 outputs of TA-Lib in its golden file, and some
// indicators that are fed by themselves.
// Usage: features_bench [CANDLES [each]]; prints the best of nine rounds, in processor time. For talib_bench.py:
// `outputs` measures the 48 outputs alone, `write FOLDER` writes candles and outputs as raw doubles.

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "candled/features/catalogue.hpp"
#include "candled/features/feature_set.hpp"
#include "candled/features/indicators/cci.hpp"
#include "candled/features/indicators/directional_movement.hpp"
#include "candled/features/indicators/ema.hpp"
#include "candled/features/indicators/log_return.hpp"
#include "candled/features/indicators/macd.hpp"
#include "candled/features/indicators/money_flow_index.hpp"
#include "candled/features/indicators/rolling_vwap.hpp"
#include "candled/features/indicators/rsi.hpp"
#include "candled/features/indicators/sma.hpp"
#include "features/series.hpp"

namespace candled::features {
namespace {

// Time that this thread had a processor, so that other work on the machine counts less.
double processor_ns() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

template <class Round>
void measure(const char* name, std::size_t candles, Round round) {
  double best_ns = 1e300;
  double kept = 0;
  for (int i = 0; i < 9; ++i) {
    const double start_ns = processor_ns();
    kept += round();
    best_ns = std::min(best_ns, (processor_ns() - start_ns) / static_cast<double>(candles));
  }
  std::printf("%-24s %8.1f ns per candle   (checksum %.6g)\n", name, best_ns, kept);
}

template <class Indicator, class... Arguments>
void measure_indicator(const char* name, const std::vector<Bar>& bars, double (Indicator::*read)() const,
                       Arguments... arguments) {
  measure(name, bars.size(), [&] {
    Indicator indicator(arguments...);
    double sum = 0;
    for (const Bar& bar : bars) {
      if constexpr (requires { indicator.update(bar); }) {
        indicator.update(bar);
      } else {
        indicator.update(bar.close);
      }
      const double value = (indicator.*read)();
      if (value == value) sum += value;
    }
    return sum;
  });
}

constexpr std::size_t talib_outputs = 48;  // the first raw indicators are those of ../shared/golden/talib.csv

void run(std::size_t count) {
  const std::vector<Candle> candles = testing::made_market(count, 1);
  std::vector<Bar> bars;
  for (const Candle& candle : candles) bars.push_back(to_bar(candle, Duration::minutes(1)));

  const std::size_t columns = FeatureSet(Duration::minutes(1)).size();
  std::printf("%zu candles, row of %zu features\n", count, columns);
  const std::span<const std::string> raw = raw_indicators();
  const auto row_of = [&](std::span<const std::string> names) {
    return [&candles, names] {
      FeatureSet features(Duration::minutes(1), names);
      double sum = 0;
      for (const Candle& candle : candles) {
        const double value = features.update(candle)[0];
        if (value == value) sum += value;
      }
      return sum;
    };
  };
  measure("default row", count, row_of(default_features()));
  measure("48 outputs of TA-Lib", count, row_of(raw.first(talib_outputs)));
  measure("every raw indicator", count, row_of(raw));
  measure_indicator<Sma>("sma_20", bars, &Sma::value, 20);
  measure_indicator<Ema>("ema_20", bars, &Ema::value, 20);
  measure_indicator<Rsi>("rsi_14", bars, &Rsi::value, 14);
  measure_indicator<Macd>("macd_12_26_9", bars, &Macd::histogram, 12, 26, 9);
  measure_indicator<DirectionalMovement>("adx_14", bars, &DirectionalMovement::adx, 14);
  measure_indicator<Cci>("cci_20", bars, &Cci::value, 20);
  measure_indicator<MoneyFlowIndex>("mfi_14", bars, &MoneyFlowIndex::value, 14);
  measure_indicator<RollingVwap>("vwap_60", bars, &RollingVwap::value, 60);
  measure_indicator<LogReturn>("logret_60", bars, &LogReturn::value, 60);
}

// What each feature of the default list costs alone, above a row of one candle shape.
void run_each(std::size_t count) {
  const std::vector<Candle> candles = testing::made_market(count, 1);
  const auto cost_ns = [&](const std::vector<std::string>& names) {
    double best_ns = 1e300;
    for (int i = 0; i < 9; ++i) {
      FeatureSet features(Duration::minutes(1), names);
      const double start_ns = processor_ns();
      for (const Candle& candle : candles) features.update(candle);
      best_ns = std::min(best_ns, (processor_ns() - start_ns) / static_cast<double>(count));
    }
    return best_ns;
  };
  const double bare_ns = cost_ns({"body_ratio"});
  std::printf("%-28s %8.1f\n", "a row of body_ratio alone", bare_ns);
  for (const std::string& name : default_features())
    std::printf("%-28s %8.1f\n", name.c_str(), std::max(0.0, cost_ns({name}) - bare_ns));
}

void run_outputs(std::size_t count) {
  const std::vector<Candle> candles = testing::made_market(count, 1);
  const std::span<const std::string> names = std::span<const std::string>(raw_indicators()).first(talib_outputs);
  measure("48 outputs of TA-Lib", count, [&] {
    FeatureSet features(Duration::minutes(1), names);
    double sum = 0;
    for (const Candle& candle : candles) {
      const double value = features.update(candle)[0];
      if (value == value) sum += value;
    }
    return sum;
  });
}

void write(std::size_t count, const std::string& folder) {
  const std::span<const std::string> names = std::span<const std::string>(raw_indicators()).first(talib_outputs);
  FeatureSet features(Duration::minutes(1), names);
  std::ofstream candles(folder + "/candles.f64", std::ios::binary), outputs(folder + "/outputs.f64", std::ios::binary);
  const auto put = [](std::ofstream& file, std::span<const double> values) {
    file.write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(values.size_bytes()));
  };
  for (const Candle& candle : testing::made_market(count, 1)) {
    const Bar bar = to_bar(candle, Duration::minutes(1));
    put(candles, std::array{bar.open, bar.high, bar.low, bar.close, bar.volume});
    put(outputs, features.update(candle));
  }
  std::ofstream list(folder + "/names.txt");
  for (const std::string& name : names) list << name << '\n';
}

}  // namespace
}  // namespace candled::features

int main(int count, char** arguments) {
  const long candles = count > 1 ? std::strtol(arguments[1], nullptr, 10) : 200000;
  if (candles < 1) {
    std::fprintf(stderr, "features_bench: CANDLES must be at least 1\n");
    return 2;
  }
  const std::string_view what = count > 2 ? arguments[2] : "";
  if (what == "outputs") {
    candled::features::run_outputs(static_cast<std::size_t>(candles));
  } else if (what == "write" && count > 3) {
    candled::features::write(static_cast<std::size_t>(candles), arguments[3]);
  } else if (what == "each") {
    candled::features::run_each(static_cast<std::size_t>(candles));
  } else {
    candled::features::run(static_cast<std::size_t>(candles));
  }
}
