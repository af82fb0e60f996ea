// ImportOutcome: what an import of one market did, for people and for programs.
#pragma once

#include <string>

#include "candled/domain/json_writer.hpp"
#include "candled/domain/market.hpp"
#include "candled/files/identity_check.hpp"
#include "candled/files/import.hpp"
#include "cli/import_candles.hpp"
#include "cli/import_trades.hpp"
#include "cli/rejects_file.hpp"

namespace candled::cli {

struct ImportOutcome {
  files::ImportSummary read;
  TradeImportReport trades;
  files::Contradictions contradicting_trades;
  CandleImportReport candles;
  double seconds = 0;
  bool complete = false;  // false: stopped before the end; a second run goes on
};

void print_text(const Market& market, const ImportOutcome& outcome, const RejectsFile& rejects);
// One object, a line each for the files, the trades and the candles.
void write_json(JsonWriter& json, const Market& market, const ImportOutcome& outcome, const RejectsFile& rejects);
// "120 rows, 2024-01-01T00:00:00Z to 2024-01-02T00:00:00Z: 120 trades new, 0 stored already".
std::string line_of(const ImportOutcome& outcome);

}  // namespace candled::cli
