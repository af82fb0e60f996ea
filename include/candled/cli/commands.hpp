// The commands of the program; each returns the exit code. main catches the exceptions of a command that cannot start.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "candled/config/config.hpp"
#include "candled/domain/time.hpp"
#include "candled/report/plan.hpp"

namespace candled::cli {

// candled --backfill 30d, or --from and --to: the trades of a period; candled --gap-fill: what is missing since the last stored trade.
struct BackfillOptions {
  std::optional<Duration> back;  // from this long ago, by the exchange's clock
  Timestamp from;                // where there is no `back`; 0: from the beginning
  std::optional<Timestamp> to;   // exclusive; absent: up to the newest trade
};
int run_backfill(const config::Config& config, const BackfillOptions& options);
// The same period (or all of it) as the exchange's own candles, where fetching trades would take too long.
int run_fetch_candles(const config::Config& config, const BackfillOptions& options);
int run_gap_fill(const config::Config& config);

// candled verify: replays the record and compares.
int run_verify(const config::Config& config, bool json);

// candled compact: returns free space in the file to the disk.
int run_compact(const config::Config& config, bool as_json);

// candled check data: completeness and plausibility of what is stored.
struct CheckDataOptions {
  std::vector<std::string> markets;  // empty: all in the file
  bool offline = false;              // do not ask the exchange
  bool as_json = false;
};
int run_check_data(const config::Config& config, const CheckDataOptions& options);

// candled check: config and environment, before a start.
struct CheckOptions {
  bool quick = false;  // not every page of the database
  bool as_json = false;
};
int run_check(const config::Config& config, const CheckOptions& options);
// candled check --fix: replaces former names of keys in the file. Throws ConfigError without a file, or for one with other errors.
int run_fix(const std::filesystem::path& file);

// candled check features: cuts stored history, compares every row with one that cannot look ahead; exit 1 on a difference.
struct CheckFeaturesOptions {
  std::int64_t cuts = 10'000;
  std::int64_t seed = 1;
  bool as_json = false;
};
int run_check_features(const config::Config& config, const CheckFeaturesOptions& options);

// candled features list: the catalogue.
int run_features_list(const config::Config& config, bool json);

struct ImportOptions {
  std::vector<std::filesystem::path> files;  // and folders; "-" is standard input
  std::optional<Duration> candle_interval;   // of files that do not say
  double rejected_percent_max = 1;           // with more of them nothing is imported
  std::filesystem::path rejects;             // the report of refused rows; empty: beside the database
  bool as_json = false;
};

struct ExportOptions {
  std::string kind;                   // trades candles features indicators predictions fills equity
  std::optional<Timestamp> from, to;  // `to` is exclusive
  std::filesystem::path out;          // empty: standard output
};
// candled export: rows of one market as CSV.
int run_export(const config::Config& config, const ExportOptions& options);

// candled backtest: what the strategies would have earned in the past.
int run_backtest_command(const config::Config& config, const report::BacktestOptions& options);
int run_backtest_sweep(const config::Config& config, const report::BacktestOptions& options);

// candled backtest list, candled backtest compare A B: stored backtests.
struct BacktestListOptions {
  std::int64_t limit = 20;
  bool as_json = false;
};
int run_backtest_list(const config::Config& config, const BacktestListOptions& options);
int run_backtest_compare(const config::Config& config, const std::string& name_a, const std::string& name_b,
                         bool as_json);

// candled status: what a running daemon is doing.
struct StatusOptions {
  bool as_json = false;
  bool watch = false;
  std::string address;  // ADDRESS:PORT; empty: the config's
};
int run_status(const config::Config& config, const StatusOptions& options);

// Options of the command line that override [training] and [model] of the config.
struct LearningFlags {
  std::optional<Duration> window, horizon;
  std::string kind, promote;  // empty: the config's
};

struct TrainOptions {
  LearningFlags learning;
  bool combinatorial = false;  // also combinatorial purged cross-validation
  bool as_json = false;
};
// candled train: one training now, as the daemon does it.
int run_train(const config::Config& config, const TrainOptions& options);

struct TuneOptions {
  LearningFlags learning;
  std::int64_t trials = 50;      // in all, those of earlier calls included
  std::string aim = "log_loss";  // or net_return
  std::string strategy;          // of net_return: one of the config; empty: the first
  std::filesystem::path apply;   // a config file that gets the best parameters; empty: none
  bool restart = false;          // begin a new study
  bool as_json = false;
};
// candled tune: which parameters do best, and how much of that is luck.
int run_tune(const config::Config& config, const TuneOptions& options);

// candled models ...: `name` is a model, "champion" or "challenger".
int run_models_list(const config::Config& config, bool as_json);
int run_models_show(const config::Config& config, const std::string& name, bool as_json);
int run_models_compare(const config::Config& config, const std::string& first, const std::string& second, bool as_json);
int run_models_promote(const config::Config& config, const std::string& name, bool as_json);
int run_models_rollback(const config::Config& config, bool as_json);
struct PruneOptions {
  std::int64_t keep = 20;
  bool only_say = false;  // delete nothing
  bool as_json = false;
};
int run_models_prune(const config::Config& config, const PruneOptions& options);

// The daemon with this config, until SIGTERM or SIGINT; its exit code.
using RunDaemon = std::function<int(const config::Config& config)>;

struct DemoOptions {
  std::filesystem::path directory;  // emptied first, if it is a demo's
  double speed = 60;                // market seconds per second
  std::uint64_t seed = 1;
};
// run_daemon: the daemon, until it is told to stop.
int run_demo(const DemoOptions& options, const RunDaemon& run_daemon);

struct SimulateOptions {
  std::vector<std::string> exchanges;  // whose protocols; empty: kraken
  std::string listen = "127.0.0.1:8510";
  std::vector<std::string> symbols;  // synthetic markets, unless files are given
  std::vector<std::string> files;    // recorded trades of the first symbol
  std::uint64_t seed = 1;
  double trades_per_minute = 60;
  double predictability = 1;
  double speed = 1;
  std::string start;  // RFC 3339; empty: the tape's own
  Duration history;
  bool tls = false;
  std::filesystem::path certificates;  // folder for a fresh CA and server certificate
  bool start_at_once = false;
  bool stop_at_end = false;
  std::optional<double> rest_calls_per_second;  // absent: the exchange's own
  std::vector<std::string> faults;
  std::string length;  // duration; empty: endless
};
int run_simulate(const SimulateOptions& options);

}  // namespace candled::cli
