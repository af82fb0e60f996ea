// backtest: the past as the strategies would have traded it.
#include <CLI/CLI.hpp>

#include <memory>

#include "candled/cli/commands.hpp"
#include "candled/cli/line/line.hpp"

namespace candled::cli {
namespace {

struct Texts {
  report::BacktestOptions options;
  std::string from, to, interval, html, models;
  std::vector<std::string> files;
};

constexpr const char* examples =
    "Trades where they are stored, candles where they are not (orders then fill at the next candle's open). No network "
    "access.\n"
    "  candled backtest --market kraken:BTC/USD --from 2025-11-01 --to 2025-12-01\n"
    "  candled backtest --walk-forward --html report.html\n"
    "  candled backtest --file BTCUSDT-1m-2023.zip --model 20230131_235900 --strategy dynamic --strategy balanced\n"
    "  candled backtest --sweep strategy.dynamic.enter=0.52..0.60:0.01 --sweep strategy.dynamic.size=0.1..0.5:0.1\n"
    "  candled backtest list\n"
    "  candled backtest compare 20251201_101500 20251201_113000";

report::BacktestOptions options_of(const Texts& texts) {
  report::BacktestOptions options = texts.options;
  if (!texts.from.empty()) options.from = time_option("--from:", texts.from);
  if (!texts.to.empty()) options.to = time_option("--to:", texts.to);
  if (!texts.interval.empty()) options.candle_interval = duration_option("--interval:", texts.interval);
  options.files.assign(texts.files.begin(), texts.files.end());
  options.html = texts.html;
  options.models = texts.models;
  return options;
}

Command list_command(CLI::App& backtest, const CommonOptions& common) {
  auto options = std::make_shared<BacktestListOptions>();
  CLI::App* line = backtest.add_subcommand("list", "Stored backtests, newest first");
  line->fallthrough();
  line->add_option("--limit", options->limit, "maximum number")->check(CLI::Range(1, 10'000))->capture_default_str();
  return {line, [&common, options, &backtest] {
            options->as_json = backtest.get_option("--json")->as<bool>();
            return run_backtest_list(common.load(), *options);
          }};
}

Command compare_command(CLI::App& backtest, const CommonOptions& common) {
  auto names = std::make_shared<std::vector<std::string>>();
  CLI::App* line =
      backtest.add_subcommand("compare", "Two stored backtests side by side, with the interval of the difference");
  line->fallthrough();
  line->add_option("names", *names, "A and B, as `candled backtest list` shows them")->required()->expected(2);
  return {line, [&common, names, &backtest] {
            return run_backtest_compare(common.load(), names->at(0), names->at(1),
                                        backtest.get_option("--json")->as<bool>());
          }};
}

}  // namespace

Commands backtest_commands(CLI::App& app, const CommonOptions& common) {
  auto texts = std::make_shared<Texts>();
  report::BacktestOptions& options = texts->options;
  CLI::App* line =
      app.add_subcommand("backtest",
                         "What the strategies would have earned on the stored past; works while the daemon runs")
          ->fallthrough();
  line->add_option("--from", texts->from,
                   "first candle: 2023-03-24 or 2023-03-24T12:40:00Z (default: everything stored)");
  line->add_option("--to", texts->to, "end, not included");
  line->add_option("--model", options.model, "name of a model, kept fixed (default: the champion)");
  line->add_flag("--walk-forward", options.walk_forward,
                 "retrain during the backtest, as [training] says, on the past only");
  line->add_flag("--in-sample", options.in_sample,
                 "allow a period that the model was trained on; the report says so everywhere");
  line->add_option("--strategy", options.strategies,
                   "a strategy of the config, or a kind (default: all of the config); may be repeated")
      ->allow_extra_args(false);
  line->add_option("--file", texts->files, "trades or candles from files instead of the database; may be repeated")
      ->allow_extra_args(false);
  line->add_option("--interval", texts->interval,
                   "interval of the candles of --file where the files do not say, such as 1m");
  line->add_option("--models", texts->models, "folder for the models of a walk-forward (default: they are not kept)");
  line->add_option("--html", texts->html, "write a report as one self-contained file");
  line->add_option("--sweep", options.sweeps,
                   "strategy.NAME.PARAMETER=LOW..HIGH:STEP or =A,B,C: all variants at once; may be repeated")
      ->allow_extra_args(false);
  line->add_flag("--json", options.as_json, "for programs");
  line->footer(examples);
  // The command behind the command first: main runs the first that was called.
  return {list_command(*line, common),
          compare_command(*line, common),
          {line, [texts, &common] {
             const report::BacktestOptions asked = options_of(*texts);
             return asked.sweeps.empty() ? run_backtest_command(common.load(), asked)
                                         : run_backtest_sweep(common.load(), asked);
           }}};
}

}  // namespace candled::cli
