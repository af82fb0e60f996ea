// MarketImport: the files of one market: read and checked whole, then written: trades through the conveyor, candles beside it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "candled/cli/import.hpp"
#include "candled/config/config.hpp"
#include "candled/domain/result.hpp"
#include "candled/files/market_survey.hpp"
#include "candled/flow/log.hpp"
#include "candled/flow/progress_line.hpp"
#include "candled/store/import_writer.hpp"
#include "candled/store/journal_writer.hpp"
#include "cli/import_outcome.hpp"
#include "cli/rejects_file.hpp"

namespace candled::cli {

class MarketImport {
 public:
  // One market: the first of the config. `only` as ImportSettings has it. `label` is said while it works: "kraken:BTC/USD, ".
  MarketImport(const config::Config& config, const ImportOptions& options, const ImportHints& hints,
               std::vector<files::Member> only, std::string label, RejectsFile& rejects);

  // Errors are one line; nothing was written then, unless the remedy is retry: the same import goes on. Throws StoreError.
  Result<ImportOutcome> run();
  // The first refused rows, a line each.
  const std::vector<std::string>& examples() const { return examples_; }

 private:
  Result<files::ImportedRows> read();
  Result<ImportOutcome> write(files::ImportedRows& rows);
  Result<files::Contradictions> check_identity(files::ImportedRows& rows, const store::ImportWriter& beside);
  std::function<void(std::int64_t)> part_of(flow::ProgressLine& line, const char* unit, std::int64_t all);

  const config::Config& config_;
  const ImportOptions& options_;
  const ImportHints& hints_;
  const std::vector<files::Member> only_;
  const std::string label_;
  flow::Log log_;
  RejectsFile& rejects_;
  std::vector<std::string> examples_;
  std::optional<store::JournalWriter> writer_;
};

// Where refused rows are listed. Throws ConfigError for a place that must not be written to.
std::filesystem::path rejects_path(const config::Config& config, const ImportOptions& options);

}  // namespace candled::cli
