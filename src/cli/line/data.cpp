// import and export: data in and out of the file.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "candled/cli/commands.hpp"
#include "candled/cli/import.hpp"
#include "candled/cli/line/line.hpp"

namespace candled::cli {
namespace {

Command import_command(CLI::App& app, const CommonOptions& common) {
  struct Texts {
    ImportOptions options;
    ImportHints hints;
    std::vector<std::string> files;
    std::string interval, date, rejects;
    bool all = false;
  };
  auto texts = std::make_shared<Texts>();
  CLI::App* line = app.add_subcommand("import", "Trades or candles from files; the formats are recognised by content")
                       ->fallthrough();
  line->add_option("files", texts->files, "files or folders: CSV, or CSV in .zip .gz .zst .tar; - is standard input")
      ->required();
  line->add_flag("--all", texts->all, "every pair of the files, folders and archives into its market, by their names");
  line->add_option("--exchange", texts->hints.exchange, "with --all: whose pairs they are, where the names do not say")
      ->check(CLI::IsMember({"kraken", "coinbase", "binance"}));
  line->add_option("--interval", texts->interval, "interval of the candles where the files do not say, such as 1m");
  line->add_option("--date", texts->date, "day of files whose rows tell the time of day only: 2025-01-31");
  line->add_option("--reject-max", texts->options.rejected_percent_max,
                   "with more than this percentage of wrong rows nothing is imported")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  line->add_option("--rejects", texts->rejects,
                   "where refused rows are listed (default: beside the database, DB.rejects.csv)");
  line->add_flag("--json", texts->options.as_json, "for programs");
  line->footer(
      "Reads Kraken time and sales (3 or 7 columns), OHLCVT and REST trades, Binance trades, aggTrades and klines, "
      "CryptoDataDownload,\n"
      "LEAN bars, and what candled exported. The same file twice changes nothing.\n"
      "  candled import Kraken_Trading_History.zip --market kraken:BTC/USD\n"
      "  candled import --all Kraken_Trading_History.zip\n"
      "  candled import klines/ --market binance:BTC/USDT --db btcusdt.sqlite");
  return {line, [texts, &common] {
            ImportOptions& options = texts->options;
            options.files.assign(texts->files.begin(), texts->files.end());
            options.rejects = texts->rejects;
            if (!texts->interval.empty()) options.candle_interval = duration_option("--interval:", texts->interval);
            if (!texts->date.empty())
              texts->hints.day = floor_to(time_option("--date:", texts->date), Duration::days(1));
            if (!texts->all) {
              if (!texts->hints.exchange.empty())
                throw config::ConfigError("import: --exchange belongs to --all; for one market say --market");
              return run_import(common.load(), options, texts->hints);
            }
            if (!common.markets.empty())
              throw config::ConfigError("import: --all takes every pair into its own market: leave --market out");
            return run_import_all(
                [&common](const std::string& market) {
                  CommonOptions one = common;
                  one.markets = market.empty() ? std::vector<std::string>{} : std::vector{market};
                  return one.load();
                },
                options, texts->hints);
          }};
}

Command export_command(CLI::App& app, const CommonOptions& common) {
  struct Texts {
    ExportOptions options;
    std::string from, to, out;
  };
  auto texts = std::make_shared<Texts>();
  CLI::App* line =
      app.add_subcommand("export", "Exact stored data of a market as CSV; works while the daemon runs")->fallthrough();
  line->add_option("kind", texts->options.kind, "trades candles features indicators predictions fills equity")
      ->required()
      ->check(CLI::IsMember({"trades", "candles", "features", "indicators", "predictions", "fills", "equity"}));
  line->add_option("--from", texts->from, "first time: 2023-03-24 or 2023-03-24T12:40:00Z");
  line->add_option("--to", texts->to, "end, not included");
  line->add_option("--out", texts->out, "file, which appears only when complete; - or nothing: standard output");
  line->footer("  candled export candles --market kraken:BTC/USD --from 2025-11-01 --out candles.csv");
  return {line, [texts, &common] {
            ExportOptions& options = texts->options;
            if (!texts->from.empty()) options.from = time_option("--from:", texts->from);
            if (!texts->to.empty()) options.to = time_option("--to:", texts->to);
            options.out = texts->out;
            return run_export(common.load(), options);
          }};
}

}  // namespace

Commands data_commands(CLI::App& app, const CommonOptions& common) {
  return {import_command(app, common), export_command(app, common)};
}

}  // namespace candled::cli
