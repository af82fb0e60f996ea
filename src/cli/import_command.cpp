// import: files are read and checked whole, then written: trades through the conveyor, candles beside it.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "candled/cli/commands.hpp"
#include "candled/config/assembly.hpp"
#include "candled/domain/json_writer.hpp"
#include "candled/flow/clock.hpp"
#include "candled/flow/progress_line.hpp"
#include "candled/flow/signals.hpp"
#include "cli/import_candles.hpp"
#include "cli/import_trades.hpp"
#include "cli/output_path.hpp"
#include "cli/rejects_file.hpp"

namespace candled::cli {
namespace {

constexpr const char* aggregate = "aggregate";
constexpr std::size_t examples_max = 5;

struct Outcome {
  files::ImportSummary read;
  TradeImportReport trades;
  CandleImportReport candles;
};

std::string span_text(const std::optional<Timestamp>& from, const std::optional<Timestamp>& to) {
  return from && to ? fmt::format("{} to {}", to_iso8601(*from), to_iso8601(*to)) : std::string("none");
}

void print_text(const Market& market, const Outcome& o, const RejectsFile& rejects, double seconds) {
  fmt::print("{}: {} rows from {} files in {:.1f} s\n", market.name(), o.read.rows, o.read.files, seconds);
  for (const files::FormatCount& format : o.read.formats)
    fmt::print("  {:<30} {:>6} files {:>12} rows\n", format.format, format.files, format.rows);
  const std::int64_t without_rows = o.read.passed_over - o.read.of_other_markets;
  if (without_rows > 0) fmt::print("  {:<30} {:>6} files\n", "neither trades nor candles", without_rows);
  if (o.read.of_other_markets > 0)
    fmt::print("  {:<30} {:>6} files\n", "of other pairs or intervals", o.read.of_other_markets);
  if (o.read.trade_ids) {
    fmt::print("trades   {} new, {} stored already, {}\n", o.trades.added, o.trades.stored_already,
               span_text(o.read.trades_from, o.read.trades_to));
    if (o.trades.candles > 0)
      fmt::print("         {} candles made of them, {} of them gaps\n", o.trades.candles, o.trades.gap_candles);
    if (o.trades.sequence_gaps > 0) fmt::print("         {} holes in their ids, recorded\n", o.trades.sequence_gaps);
    if (o.trades.candles_revised > 0) fmt::print("         {} candles of the past revised\n", o.trades.candles_revised);
    if (o.trades.pruned_once > 0)
      fmt::print(
          "         {} are of a time whose trades were pruned on purpose: candles stay as they are there, and "
          "keep_trades, where it is set, lets them go again\n",
          o.trades.pruned_once);
    if (o.trades.covered > 0)
      fmt::print("         {} without ids left out: trades with ids are stored of their time\n", o.trades.covered);
    if (o.trades.replaced > 0) fmt::print("         {} stored ones without ids gave way to these\n", o.trades.replaced);
  }
  if (o.read.candles > 0) {
    fmt::print("candles  {} new ({} traded, {} quiet, {} gap), {} stored already, {}\n", o.candles.added,
               o.candles.traded, o.candles.quiet, o.candles.gap, o.candles.stored_already,
               span_text(o.read.candles_from, o.read.candles_to));
    if (o.candles.gaps_filled > 0) fmt::print("         {} stored gaps are candles now\n", o.candles.gaps_filled);
  }
  if (o.read.repeated > 0) fmt::print("repeated rows {}, each taken once\n", o.read.repeated);
  if (o.read.conflicting > 0)
    fmt::print("conflicting rows {}: same id or time, other content; the first one counts\n", o.read.conflicting);
  if (o.read.void_rows > 0) fmt::print("void rows {}: declared invalid by the exchange\n", o.read.void_rows);
  if (o.read.rejected == 0) return;
  fmt::print("rejected {} rows, in {}:\n", o.read.rejected, rejects.path().string());
  for (const auto& [why, count] : rejects.reasons()) fmt::print("  {:>8}  {}\n", count, why);
}

// A line each for the files, the trades and the candles.
void print_json(const Market& market, const Outcome& o, const RejectsFile& rejects, double seconds) {
  std::string out;
  JsonWriter json(out);
  const auto first = [&](std::string_view name) -> JsonWriter& { return json.key(name).space(" "); };
  const auto key = [&](std::string_view name) -> JsonWriter& { return json.space(" ").key(name).space(" "); };
  const auto line = [&](std::string_view name) -> JsonWriter& { return json.space("\n ").key(name).space(" "); };
  json.begin_object();
  first("market").value(market.name());
  key("seconds").fixed(seconds, 3);
  key("files").value(o.read.files);
  key("passed_over").value(o.read.passed_over);
  key("of_other_markets").value(o.read.of_other_markets);
  key("rows").value(o.read.rows);
  key("rejected").value(o.read.rejected);
  key("rejects").value(o.read.rejected > 0 ? std::optional(rejects.path().string()) : std::nullopt);
  key("repeated").value(o.read.repeated);
  key("conflicting").value(o.read.conflicting);
  key("void").value(o.read.void_rows);
  key("formats").begin_array();
  for (const files::FormatCount& format : o.read.formats) {
    json.space(&format == &o.read.formats.front() ? "" : " ").begin_object();
    first("format").value(format.format);
    key("files").value(format.files);
    key("rows").value(format.rows);
    json.end_object();
  }
  json.end_array();
  line("trades").begin_object();
  first("new").value(o.trades.added);
  key("stored_already").value(o.trades.stored_already);
  key("from").value(o.read.trades_from);
  key("to").value(o.read.trades_to);
  key("candles").value(o.trades.candles);
  key("gap_candles").value(o.trades.gap_candles);
  key("holes").value(o.trades.sequence_gaps);
  key("candles_revised").value(o.trades.candles_revised);
  key("covered").value(o.trades.covered);
  key("replaced").value(o.trades.replaced);
  key("pruned_once").value(o.trades.pruned_once);
  json.end_object();
  line("candles").begin_object();
  first("new").value(o.candles.added);
  key("traded").value(o.candles.traded);
  key("quiet").value(o.candles.quiet);
  key("gap").value(o.candles.gap);
  key("gaps_filled").value(o.candles.gaps_filled);
  key("stored_already").value(o.candles.stored_already);
  key("from").value(o.read.candles_from);
  key("to").value(o.read.candles_to);
  json.end_object().end_object();
  fmt::print("{}\n", out);
}

// Aggregate ids and ids of single trades count different things: in one market they would look like sequence gaps and repetitions.
Result<void> check_numbering(const store::Reader& reader, store::ImportWriter& beside, const Market& market,
                             files::TradeIds ids) {
  const bool is_aggregate = ids == files::TradeIds::aggregate;
  const bool stored_aggregate = beside.numbering(market.id) == aggregate;
  const bool has_trades = reader.cursor(market.id).last_trade_id.has_value();
  if (has_trades && is_aggregate != stored_aggregate) {
    return refuse(fmt::format(
        "the stored trades of {} are numbered as {} trades, those of the files as {} ones: use another --db or market",
        market.name(), stored_aggregate ? "aggregate" : "single", is_aggregate ? "aggregate" : "single"));
  }
  return is_aggregate ? beside.set_numbering(market.id, aggregate) : Result<void>{};
}

class Import {
 public:
  Import(const config::Config& config, const ImportOptions& options)
      : config_(config),
        options_(options),
        markets_(config.table),
        log_(config.log),
        rejects_(options.rejects.empty() ? std::filesystem::path(config.storage.path.string() + ".rejects.csv")
                                         : output_path("import: --rejects", options.rejects, config, options.files)) {}

  int run() {
    const Duration started = flow::monotonic_now();
    // A file that is there is locked first: reading for minutes to learn that a daemon runs would be a pity.
    if (std::filesystem::exists(config_.storage.path)) writer_.emplace(config::journal_settings(config_));
    Result<files::ImportedRows> rows = read();
    rejects_.close();
    if (!rows) return failed(rows.error());
    outcome_.read = rows->summary();
    const Result<bool> written = write(*rows);
    if (!written) return failed({written.error().remedy, written.error().message + again(written.error().remedy)});
    const double seconds = static_cast<double>((flow::monotonic_now() - started).ns) / 1e9;
    (options_.as_json ? print_json : print_text)(markets_.front(), outcome_, rejects_, seconds);
    if (!*written) fmt::print(stderr, "candled: import stopped; a second run goes on where it stopped\n");
    return *written ? 0 : 1;
  }

 private:
  int failed(const Error& error) const {
    for (const std::string& example : examples_) fmt::print(stderr, "{}\n", example);
    if (!rejects_.reasons().empty()) fmt::print(stderr, "all refused rows: {}\n", rejects_.path().string());
    fmt::print(stderr, "candled: import: {}\n", error.message);
    return 1;
  }

  static std::string again(Remedy remedy) {
    return remedy == Remedy::retry ? "; after that, run it again: it goes on where it stopped" : "";
  }

  Result<files::ImportedRows> read() {
    files::ImportSettings settings;
    settings.paths = options_.files;
    settings.market = markets_.front();
    settings.candle_interval = options_.candle_interval;
    settings.now = flow::wall_now();
    settings.rejected_percent_max = options_.rejected_percent_max;
    settings.spill_folder = std::filesystem::absolute(config_.storage.path).parent_path();
    flow::ProgressLine line("reading", log_);
    Result<files::ImportedRows> rows = files::read_import(
        settings,
        [&](const files::RejectedRow& row) {
          rejects_.add(row);
          if (examples_.size() < examples_max)
            examples_.push_back(fmt::format("{}:{}: {}: {}", row.file, row.line, row.why, row.text));
        },
        [&](const files::ImportProgress& progress) { line.show("rows", progress.rows, progress.part_done); },
        flow::stop_requested);
    line.finish();
    return rows;
  }

  // False when it was stopped.
  Result<bool> write(files::ImportedRows& rows) {
    const files::ImportSummary& summary = rows.summary();
    if (summary.trades == 0 && summary.candles == 0) return true;
    if (!writer_) writer_.emplace(config::journal_settings(config_));
    store::ImportWriter beside(config_.storage.path, markets_);
    if (summary.trades > 0) {
      if (!summary.numbered_runs.empty()) {
        const store::Reader reader(config_.storage.path, markets_);
        if (Result<void> checked = check_numbering(reader, beside, markets_.front(), *summary.trade_ids); !checked)
          return std::unexpected(checked.error());
      }
      flow::ProgressLine line("trades", log_);
      Result<TradeImportReport> report =
          import_trades(config_, rows, *writer_, beside, log_, part_of(line, "trades", summary.trades));
      line.finish();
      if (!report) return std::unexpected(report.error());
      outcome_.trades = *report;
      if (!report->complete) return false;
    }
    if (summary.candles > 0) {
      flow::ProgressLine line("candles", log_);
      Result<CandleImportReport> report = import_candles(
          config_, [&rows](Candle& candle) { return rows.next(candle); }, *writer_, beside,
          part_of(line, "candles", summary.candles));
      line.finish();
      if (!report) return std::unexpected(report.error());
      outcome_.candles = *report;
      if (!report->complete) return false;
    }
    return true;
  }

  static std::function<void(std::int64_t)> part_of(flow::ProgressLine& line, const char* unit, std::int64_t all) {
    return [&line, unit, all](std::int64_t done) {
      line.show(unit, done, static_cast<double>(done) / static_cast<double>(all));
    };
  }

  const config::Config& config_;
  const ImportOptions& options_;
  const MarketTable markets_;
  flow::Log log_;
  RejectsFile rejects_;
  std::vector<std::string> examples_;
  std::optional<store::JournalWriter> writer_;
  Outcome outcome_;
};

}  // namespace

int run_import(const config::Config& config, const ImportOptions& options) {
  if (config.markets.size() != 1) throw config::ConfigError("import: say with --market which market the files are of");
  // Not `<` and `>` the other way round: what is no number is in no range.
  if (!(options.rejected_percent_max >= 0 && options.rejected_percent_max <= 100))
    throw config::ConfigError("import: --reject-max is a share from 0 to 100 percent");
  return Import(config, options).run();
}

}  // namespace candled::cli
