#include "report/file_source.hpp"

#include <fmt/format.h>

#include "candled/flow/clock.hpp"
#include "candled/flow/progress_line.hpp"
#include "candled/flow/signals.hpp"

namespace candled::report {

Result<bool> FileSource::next(store::HistoryCandle& candle) {
  candle.book.reset();
  candle.features.clear();
  return rows_.next(candle.candle);
}

Result<files::ImportedRows> read_files(const std::vector<std::filesystem::path>& files, const Market& market,
                                       std::optional<Duration> candle_interval, flow::Log& log) {
  files::ImportSettings settings;
  settings.paths = files;
  settings.market = market;
  settings.candle_interval = candle_interval;
  settings.now = flow::wall_now();
  settings.spill_folder = std::filesystem::temp_directory_path();
  flow::ProgressLine line("reading", log);
  std::string first;
  Result<files::ImportedRows> rows = files::read_import(
      settings,
      [&](const files::RejectedRow& row) {
        if (first.empty()) first = fmt::format("{}:{}: {}", row.file, row.line, row.why);
      },
      [&](const files::ImportProgress& progress) { line.show("rows", progress.rows, progress.part_done); },
      flow::stop_requested);
  line.finish();
  if (rows && rows->summary().rejected > 0) {
    log.warning("rows refused", {{"count", std::to_string(rows->summary().rejected)}, {"first", first}});
  }
  return rows;
}

}  // namespace candled::report
