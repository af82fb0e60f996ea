// BacktestReport: one finished backtest with all its figures, as text, JSON and HTML.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "candled/domain/market.hpp"
#include "candled/domain/model_swap.hpp"
#include "candled/engine/backtest.hpp"
#include "candled/engine/backtest_result.hpp"

namespace candled::report {

struct FeatureWeight {
  std::string feature;
  double weight = 0;  // mean |contribution| in log-odds
};

// One training of a walk-forward.
struct WalkForwardRound {
  Timestamp at;
  std::string model;  // empty: the training failed
  std::int64_t rows = 0, holdout_rows = 0;
  double accuracy = 0;
  bool promoted = false;
  std::string why;
};

struct BacktestReport {
  std::string name;  // in the database; empty before it is stored
  Timestamp created;
  std::string version;
  Market market;
  Timestamp from, to;
  bool walk_forward = false;
  bool in_sample = false;
  std::optional<ModelRecord> model;  // frozen, or the last of a walk-forward
  std::vector<WalkForwardRound> rounds;
  std::vector<FeatureWeight> importance;  // of that model, largest first
  std::vector<std::string> files;         // where the data came from, if not from the database
  engine::BacktestCounts counts;
  engine::BacktestResult result;
  std::string config;                                         // JSON of the settings in effect
  std::vector<std::pair<std::string, std::string>> settings;  // what decided, for people
  bool fills_at_close = false;                                // no latency
  double seconds = 0;
  std::string stored_in;

  bool candles_only() const { return counts.candles_only > 0; }
};

// What a reader must know before trusting a figure, one line each: in-sample, candles only, gaps, nothing predicted.
std::vector<std::string> warnings_of(const BacktestReport& report);

// A figure of a strategy, with its name and how it is shown.
struct Figure {
  enum class Kind { change, share, number, count, money, duration };
  const char* name;
  const char* key;  // in JSON
  Kind kind;
  double value;
};
// In the order of docs/trading.md. `hold`: buy_and_hold of the same run, or null.
std::vector<Figure> figures_of(const trading::PerformanceReport& performance, const trading::PerformanceReport* hold);
std::string figure_text(const Figure& figure);  // "+12.34 %", "3 h 20 min", "12,345.67", "-" where it is not known
const trading::PerformanceReport* hold_of(const engine::BacktestResult& result);

std::string number_text(double value, int decimals);       // thousands separated: "12,345.67"
std::string change_text(double change, int decimals = 2);  // "+12.34 %"
std::string share_text(double share, int decimals = 2);    // "12.34 %"
std::string count_text(std::int64_t count);                // "12,345"
std::string minute_text(Timestamp time);                   // "2023-03-24 12:40"

std::string report_text(const BacktestReport& report);
std::string report_json(const BacktestReport& report);  // one line
std::string report_page(
    const BacktestReport& report);  // HTML for a daemon to serve: the script of its charts is /assets/report.js
std::string report_file(const BacktestReport& report);  // self-contained HTML; tables only where this build has no page
bool has_charts();                                      // whether report_file has any

}  // namespace candled::report
