#include "app/backtest/file_source.hpp"

#include <fmt/format.h>

#include "app/progress_line.hpp"
#include "app/signals.hpp"
#include "candled/flow/clock.hpp"

namespace candled::app {

Result<bool> FileSource::next(store::HistoryCandle& candle) {
  candle.book.reset();
  candle.features.clear();
  return rows_.next(candle.candle);
}

Result<ingest::ImportedRows> read_files(const std::vector<std::filesystem::path>& files, const Market& market,
                                        std::optional<Duration> candle_interval, flow::Log& log) {
  ingest::ImportSettings settings;
  settings.paths = files;
  settings.market = market;
  settings.candle_interval = candle_interval;
  settings.now = flow::wall_now();
  settings.spill_folder = std::filesystem::temp_directory_path();
  ProgressLine line("reading", log);
  std::string first;
  Result<ingest::ImportedRows> rows = ingest::read_import(
      settings,
      [&](const ingest::RejectedRow& row) {
        if (first.empty()) first = fmt::format("{}:{}: {}", row.file, row.line, row.why);
      },
      [&](const ingest::ImportProgress& progress) { line.show("rows", progress.rows, progress.part_done); }, stop_requested);
  line.finish();
  if (rows && rows->summary().rejected > 0) {
    log.warning("rows refused", {{"count", std::to_string(rows->summary().rejected)}, {"first", first}});
  }
  return rows;
}

}  // namespace candled::app
