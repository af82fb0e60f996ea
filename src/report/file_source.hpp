// FileSource: the rows of flat files as the past of a backtest, without importing them.
#pragma once

#include <string>
#include <vector>

#include "candled/engine/backtest.hpp"
#include "candled/files/import.hpp"
#include "candled/flow/log.hpp"

namespace candled::report {

class FileSource : public engine::HistorySource {
 public:
  explicit FileSource(files::ImportedRows rows) : rows_(std::move(rows)) {}
  Result<bool> next(store::HistoryCandle& candle) override;
  Result<bool> next(Trade& trade) override { return rows_.next(trade); }

 private:
  files::ImportedRows rows_;
};

// Reads and checks all of them; says on the log how many rows were refused, and which were the first.
Result<files::ImportedRows> read_files(const std::vector<std::filesystem::path>& files, const Market& market,
                                       std::optional<Duration> candle_interval, flow::Log& log);

}  // namespace candled::report
