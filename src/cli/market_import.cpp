#include "cli/market_import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "candled/config/assembly.hpp"
#include "candled/flow/clock.hpp"
#include "candled/flow/progress_line.hpp"
#include "candled/flow/signals.hpp"
#include "candled/store/reader.hpp"
#include "cli/output_path.hpp"

namespace candled::cli {
namespace {

constexpr const char* aggregate = "aggregate";
constexpr std::size_t examples_max = 5;

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

// Ids of another exchange make the market's own trades, which come later, look stored already.
Result<void> check_own_ids(const Market& market, const files::ImportSummary& read) {
  if (!read.foreign_ids) return {};
  const auto& [file, exchange] = *read.foreign_ids;
  return refuse(fmt::format("{}: has trade ids of {}, which are none of {}'s; nothing was imported: say --market {}:{}",
                            file, exchange, market.exchange, exchange, market.symbol));
}

// Stored trades by rising ids, some thousand at a time.
class StoredTrades {
 public:
  StoredTrades(const store::ImportWriter& stored, MarketId market) : stored_(stored), market_(market) {}

  std::optional<Trade> from(std::int64_t id) {
    if (ahead_.empty() || id < ahead_.front().id || id > ahead_.back().id) {
      ahead_ = stored_.numbered_trades(market_, id, trades_per_look);
      if (ahead_.empty()) return std::nullopt;
    }
    return *std::ranges::lower_bound(ahead_, id, {}, &Trade::id);
  }
  std::optional<Trade> before(std::int64_t id) const {
    const std::optional<std::int64_t> found = stored_.last_trade_id_before(market_, id);
    if (!found || *found < 0) return std::nullopt;
    return stored_.numbered_trades(market_, *found, 1).front();
  }

 private:
  static constexpr std::int64_t trades_per_look = 20'000;
  const store::ImportWriter& stored_;
  const MarketId market_;
  std::vector<Trade> ahead_;
};

}  // namespace

std::filesystem::path rejects_path(const config::Config& config, const ImportOptions& options) {
  return options.rejects.empty() ? std::filesystem::path(config.storage.path.string() + ".rejects.csv")
                                 : output_path("import: --rejects", options.rejects, config, options.files);
}

MarketImport::MarketImport(const config::Config& config, const ImportOptions& options, const ImportHints& hints,
                           std::vector<files::Member> only, std::string label, RejectsFile& rejects)
    : config_(config),
      options_(options),
      hints_(hints),
      only_(std::move(only)),
      label_(std::move(label)),
      log_(config.log),
      rejects_(rejects) {}

Result<ImportOutcome> MarketImport::run() {
  const Duration started = flow::monotonic_now();
  // A file that is there is locked first: reading for minutes to learn that a daemon runs would be a pity.
  if (std::filesystem::exists(config_.storage.path)) writer_.emplace(config::journal_settings(config_));
  Result<files::ImportedRows> rows = read();
  if (!rows) return std::unexpected(rows.error());
  Result<ImportOutcome> outcome = write(*rows);
  if (!outcome) {
    const bool goes_on = outcome.error().remedy == Remedy::retry;
    return std::unexpected(
        Error{outcome.error().remedy,
              outcome.error().message + (goes_on ? "; after that, run it again: it goes on where it stopped" : "")});
  }
  outcome->seconds = static_cast<double>((flow::monotonic_now() - started).ns) / 1e9;
  return outcome;
}

Result<files::ImportedRows> MarketImport::read() {
  files::ImportSettings settings;
  settings.paths = options_.files;
  settings.only = only_;
  settings.market = config_.table.front();
  settings.candle_interval = options_.candle_interval;
  settings.day = hints_.day;
  settings.now = flow::wall_now();
  settings.rejected_percent_max = options_.rejected_percent_max;
  settings.spill_folder = std::filesystem::absolute(config_.storage.path).parent_path();
  flow::ProgressLine line(label_ + "reading", log_);
  Result<files::ImportedRows> rows = files::read_import(
      settings,
      [&](const files::RejectedRow& row) {
        rejects_.add(row);
        if (examples_.size() < examples_max)
          examples_.push_back(fmt::format("{}:{}: {}{}{}: {}", row.file, row.line, row.why,
                                          row.detail.empty() ? "" : ": ", row.detail, row.text));
      },
      [&](const files::ImportProgress& progress) { line.show("rows", progress.rows, progress.part_done); },
      flow::stop_requested);
  line.finish();
  return rows;
}

// Before the first row is written: ids of another exchange would make trades that come later look stored already.
Result<files::Contradictions> MarketImport::check_identity(files::ImportedRows& rows,
                                                           const store::ImportWriter& beside) {
  StoredTrades stored(beside, config_.table.front().id);
  if (!stored.from(0)) return files::Contradictions{};
  files::IdentityCheck check(
      {[&](std::int64_t id) { return stored.from(id); }, [&](std::int64_t id) { return stored.before(id); }});
  std::string place;
  const auto refused = [&](const Error& error) { return refuse(fmt::format("{}: {}", place, error.message)); };
  Trade trade;
  for (;;) {
    const Result<bool> more = rows.next(trade);
    if (!more) return std::unexpected(more.error());
    if (!*more) break;
    if (trade.id < 0) continue;
    if (place.empty()) place = rows.place();
    if (const Result<void> fits = check.add(trade); !fits) {
      place = rows.place();
      return refused(fits.error());
    }
    if (flow::stop_requested()) return retry("stopped; nothing was imported");
  }
  if (const Result<void> fits = check.finish(); !fits) return refused(fits.error());
  if (Result<void> rewound = rows.rewind(); !rewound) return std::unexpected(rewound.error());
  return check.contradictions();
}

Result<ImportOutcome> MarketImport::write(files::ImportedRows& rows) {
  const files::ImportSummary& summary = rows.summary();
  ImportOutcome outcome;
  outcome.read = summary;
  outcome.complete = true;
  if (Result<void> own = check_own_ids(config_.table.front(), summary); !own) return std::unexpected(own.error());
  if (summary.trades == 0 && summary.candles == 0) return outcome;
  if (!writer_) writer_.emplace(config::journal_settings(config_));
  store::ImportWriter beside(config_.storage.path, config_.table);
  if (summary.trades > 0) {
    if (!summary.numbered_runs.empty()) {
      const store::Reader reader(config_.storage.path, config_.table);
      if (Result<void> checked = check_numbering(reader, beside, config_.table.front(), *summary.trade_ids); !checked)
        return std::unexpected(checked.error());
      Result<files::Contradictions> checked = check_identity(rows, beside);
      if (!checked) return std::unexpected(checked.error());
      outcome.contradicting_trades = std::move(*checked);
    }
    flow::ProgressLine line(label_ + "trades", log_);
    Result<TradeImportReport> report =
        import_trades(config_, rows, *writer_, beside, log_, part_of(line, "trades", summary.trades));
    line.finish();
    if (!report) return std::unexpected(report.error());
    outcome.trades = *report;
    outcome.complete = report->complete;
    if (!report->complete) return outcome;
  }
  if (summary.candles > 0) {
    flow::ProgressLine line(label_ + "candles", log_);
    Result<CandleImportReport> report = import_candles(
        config_, [&rows](Candle& candle) { return rows.next(candle); }, *writer_, beside,
        part_of(line, "candles", summary.candles));
    line.finish();
    if (!report) return std::unexpected(report.error());
    outcome.candles = std::move(*report);
    outcome.complete = outcome.candles.complete;
  }
  return outcome;
}

std::function<void(std::int64_t)> MarketImport::part_of(flow::ProgressLine& line, const char* unit, std::int64_t all) {
  return [&line, unit, all](std::int64_t done) {
    line.show(unit, done, static_cast<double>(done) / static_cast<double>(all));
  };
}

}  // namespace candled::cli
