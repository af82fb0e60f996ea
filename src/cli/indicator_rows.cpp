#include "cli/indicator_rows.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <string>

#include "candled/features/feature_set.hpp"
#include "candled/store/row_reader.hpp"

namespace candled::cli {
namespace {

constexpr std::size_t candles_per_slice = 2'000;

void append_row(std::string& lines, const features::FeatureSet& set, const Candle& candle,
                std::span<const double> row) {
  lines += to_iso8601(candle.open_time);
  for (std::size_t k = 0; k < set.size(); ++k) {
    lines += ',';
    // 17 significant digits give back the same double.
    if (!row.empty() && !std::isnan(row[k])) fmt::format_to(std::back_inserter(lines), "{:.17g}", row[k]);
  }
  lines += '\n';
}

}  // namespace

Result<std::int64_t> write_indicator_rows(const config::Config& config, const ExportOptions& options,
                                          const std::function<bool(std::string_view lines)>& write) {
  const Market market = config.table.front();
  store::RowReader reader(config.storage.path, market);
  features::FeatureSet set(market.interval, features::raw_indicators());
  std::string lines = fmt::format("open_time,{}\n", fmt::join(features::raw_indicators(), ","));
  std::int64_t rows = 0;
  while (write(lines)) {
    lines.clear();
    const std::vector<store::CandleWithRow> stored = reader.next(candles_per_slice);
    if (stored.empty()) return rows;
    for (const auto& [candle, book, candle_sequence, hash, features, row_sequence] : stored) {
      if (options.to && candle.open_time >= *options.to) {
        write(lines);
        return rows;
      }
      const std::span<const double> row = set.update(candle, book ? &*book : nullptr);
      if (options.from && candle.open_time < *options.from) continue;
      append_row(lines, set, candle, row);
      ++rows;
    }
  }
  return rows;
}

}  // namespace candled::cli
