// import: the files of one market; and, with --all, every pair that they hold into a market of its own.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>

#include "candled/cli/import.hpp"
#include "candled/domain/json_writer.hpp"
#include "candled/files/market_survey.hpp"
#include "candled/flow/signals.hpp"
#include "cli/import_outcome.hpp"
#include "cli/market_import.hpp"
#include "cli/rejects_file.hpp"

namespace candled::cli {
namespace {

constexpr const char* stopped_text = "candled: import stopped; a second run goes on where it stopped\n";

void check_options(const ImportOptions& options) {
  // Not `<` and `>` the other way round: what is no number is in no range.
  if (!(options.rejected_percent_max >= 0 && options.rejected_percent_max <= 100))
    throw config::ConfigError("import: --reject-max is a share from 0 to 100 percent");
}

// What --all has done so far.
struct AllMarkets {
  struct Done {
    Market market;
    ImportOutcome outcome;
  };
  struct Failed {
    std::string name, why;
  };
  std::vector<Done> done;
  std::vector<Failed> failed;
  bool stopped = false;
  std::int64_t rows() const {
    std::int64_t sum = 0;
    for (const Done& one : done) sum += one.outcome.read.rows;
    return sum;
  }
};

std::string some_of(const std::vector<std::string>& names) {
  constexpr std::size_t shown_max = 10;
  const std::size_t shown = std::min(names.size(), shown_max);
  const std::string more = names.size() > shown ? fmt::format(" and {} more", names.size() - shown) : "";
  return fmt::format("{}{}", fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown), ", "), more);
}

std::vector<std::string> names_of(const std::vector<AllMarkets::Failed>& failed) {
  std::vector<std::string> names;
  for (const AllMarkets::Failed& one : failed) names.push_back(one.name);
  return names;
}

void print_total(const files::Survey& survey, const AllMarkets& all, const RejectsFile& rejects) {
  fmt::print("{} markets, {} rows", all.done.size(), all.rows());
  if (!all.failed.empty()) fmt::print("; failed: {}", some_of(names_of(all.failed)));
  fmt::print("\n");
  if (!survey.unnamed.empty())
    fmt::print("{} files whose names tell no pair, passed over: {}\n", survey.unnamed.size(), some_of(survey.unnamed));
  if (survey.of_other_intervals > 0)
    fmt::print("{} files of candles that do not fit into those of the markets, passed over\n",
               survey.of_other_intervals);
  if (!rejects.reasons().empty()) fmt::print("all refused rows: {}\n", rejects.path().string());
}

std::string json_of(const files::Survey& survey, const AllMarkets& all, const RejectsFile& rejects) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("markets").begin_array();
  for (const AllMarkets::Done& one : all.done) {
    json.space("\n");
    write_json(json, one.market, one.outcome, rejects);
  }
  json.end_array().key("failed").begin_array();
  for (const AllMarkets::Failed& one : all.failed)
    json.begin_object().member("market", one.name).member("why", one.why).end_object();
  json.end_array().key("unknown").begin_array();
  for (const std::string& name : survey.unnamed) json.value(name);
  json.end_array();
  json.member("of_other_intervals", survey.of_other_intervals).member("rows", all.rows());
  json.member("complete", !all.stopped && all.failed.empty()).end_object();
  return out;
}

// One after the other; what goes wrong with one market leaves the others as they are.
AllMarkets import_markets(const MarketConfigs& config_of, const ImportOptions& options, const ImportHints& hints,
                          const files::Survey& survey, RejectsFile& rejects) {
  AllMarkets all;
  for (const std::string& line : survey.unreadable) all.failed.push_back({line.substr(0, line.find(": ")), line});
  for (const files::FoundMarket& found : survey.markets) {
    const std::string name = fmt::format("{}:{}", found.exchange, found.symbol);
    const config::Config config = config_of(name);
    MarketImport import(config, options, hints, found.members,
                        fmt::format("{} ({} of {}): ", name, all.done.size() + all.failed.size() + 1,
                                    survey.markets.size() + survey.unreadable.size()),
                        rejects);
    Result<ImportOutcome> outcome = import.run();
    all.stopped = flow::stop_requested() || (outcome && !outcome->complete);
    if (all.stopped && !outcome) break;
    if (outcome) {
      if (!options.as_json) fmt::print("{:<22} {}\n", name, line_of(*outcome));
      all.done.push_back({config.table.front(), std::move(*outcome)});
    } else {
      if (!options.as_json) fmt::print("{:<22} failed: {}\n", name, outcome.error().message);
      all.failed.push_back({name, outcome.error().message});
      // No room, a file that cannot be written: it would be the same with the next one.
      if (outcome.error().remedy != Remedy::refuse) break;
    }
    std::fflush(stdout);
    if (all.stopped) break;
  }
  return all;
}

}  // namespace

int run_import(const config::Config& config, const ImportOptions& options, const ImportHints& hints) {
  if (config.markets.size() != 1) throw config::ConfigError("import: say with --market which market the files are of");
  check_options(options);
  RejectsFile rejects(rejects_path(config, options));
  MarketImport import(config, options, hints, {}, "", rejects);
  const Result<ImportOutcome> outcome = import.run();
  rejects.close();
  if (!outcome) {
    for (const std::string& example : import.examples()) fmt::print(stderr, "{}\n", example);
    if (!rejects.reasons().empty()) fmt::print(stderr, "all refused rows: {}\n", rejects.path().string());
    fmt::print(stderr, "candled: import: {}\n", outcome.error().message);
    return 1;
  }
  const Market& market = config.table.front();
  if (options.as_json) {
    std::string out;
    JsonWriter json(out);
    write_json(json, market, *outcome, rejects);
    fmt::print("{}\n", out);
  } else {
    print_text(market, *outcome, rejects);
  }
  if (!outcome->complete) fmt::print(stderr, stopped_text);
  return outcome->complete ? 0 : 1;
}

int run_import_all(const MarketConfigs& config_of, const ImportOptions& options, const ImportHints& hints) {
  check_options(options);
  const config::Config common = config_of("");
  const Result<files::Survey> survey =
      files::survey_markets({options.files, hints.exchange, common.table.front().interval}, flow::stop_requested);
  if (!survey) {
    fmt::print(stderr, "candled: import --all: {}\n", survey.error().message);
    return 1;
  }
  if (survey->markets.empty() && survey->unreadable.empty()) {
    fmt::print(stderr, "candled: import --all: {}: no file whose name tells a pair{}\n", options.files.front().string(),
               survey->unnamed.empty() ? "" : "; there are " + some_of(survey->unnamed));
    return 1;
  }
  if (!options.as_json) {
    for (const std::string& reason : survey->reasons) fmt::print("exchange {}\n", reason);
  }
  RejectsFile rejects(rejects_path(common, options));
  const AllMarkets all = import_markets(config_of, options, hints, *survey, rejects);
  rejects.close();
  if (options.as_json) {
    fmt::print("{}\n", json_of(*survey, all, rejects));
  } else {
    print_total(*survey, all, rejects);
  }
  if (all.stopped) fmt::print(stderr, stopped_text);
  for (const AllMarkets::Failed& one : all.failed)
    fmt::print(stderr, "candled: import --all: {}: {}\n", one.name, one.why);
  return all.stopped || !all.failed.empty() ? 1 : 0;
}

}  // namespace candled::cli
