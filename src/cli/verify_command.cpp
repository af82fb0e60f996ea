// candled verify: is what was recorded what the same events give again? Reads only, so that it works while a daemon runs.
#include <fmt/format.h>

#include <filesystem>
#include <string>

#include "candled/config/assembly.hpp"
#include "candled/cli/commands.hpp"
#include "candled/domain/json_text.hpp"
#include "candled/flow/progress_line.hpp"
#include "candled/flow/signals.hpp"
#include "candled/engine/verify.hpp"
#include "candled/flow/clock.hpp"

namespace candled::cli {
namespace {

std::string words(std::string name) {
  for (char& c : name) c = c == '_' ? ' ' : c;
  return name;
}

void print_text(const engine::VerifyReport& report, const std::filesystem::path& database, Duration took) {
  fmt::print("{}: {} recorded events of {} runs replayed in {:.1f} s, with {} takeovers of a model and {} pauses or resumes\n", database.string(),
             report.head_events, report.runs, static_cast<double>(took.ns) / 1e9, report.takeovers, report.pauses);
  fmt::print("  {:<16} {:>10} {:>10} {:>10}\n", "", "compared", "different", "missing");
  for (const auto& [name, fact] : report.facts()) fmt::print("  {:<16} {:>10} {:>10} {:>10}\n", words(name), fact.compared, fact.different, fact.missing);
  const auto apart = [](std::int64_t count, const char* what) {
    if (count > 0) fmt::print("  not compared: {} {}\n", count, what);
  };
  apart(report.imported_candles, "candles that no run of the stream made as they are: of files, or filled in");
  apart(report.rebuilt_features, "feature rows made anew from stored candles (candled check features compares those)");
  apart(report.pruned_features, "feature rows that were deleted since ([storage] keep_features)");
  apart(report.waiting_candles, "candles whose revision is due");
  for (const auto& [feature, values] : report.older_formulas) fmt::print("  not compared: {} values of {}, made by an older formula\n", values, feature);
  if (report.differences() == 0) {
    fmt::print("  {} facts compared, no difference\n", report.compared());
  } else {
    fmt::print("  {} facts compared, {} DIFFERENT; the first: {}\n", report.compared(), report.differences(), report.first_difference);
  }
}

std::string as_json(const engine::VerifyReport& report, const std::filesystem::path& database) {
  std::string facts;
  for (const auto& [name, fact] : report.facts()) {
    facts += fmt::format("{}\"{}\":{{\"compared\":{},\"different\":{},\"missing\":{}}}", facts.empty() ? "" : ",", name, fact.compared,
                         fact.different, fact.missing);
  }
  return fmt::format(
      "{{\"good\":{},\"database\":{},\"events\":{},\"runs\":{},\"takeovers\":{},\"pauses\":{},\"compared\":{},\"differences\":{},"
      "\"first_difference\":{},\"facts\":{{{}}},\"not_compared\":{{\"imported_candles\":{},\"rebuilt_feature_rows\":{},"
      "\"pruned_feature_rows\":{},\"candles_due_for_revision\":{}}}}}",
      report.differences() == 0, json_text(database.string()), report.head_events, report.runs, report.takeovers, report.pauses, report.compared(),
      report.differences(), report.first_difference.empty() ? "null" : json_text(report.first_difference), facts, report.imported_candles,
      report.rebuilt_features, report.pruned_features, report.waiting_candles);
}

}  // namespace

int run_verify(const config::Config& config, bool json) {
  const std::filesystem::path& database = config.storage.path;
  if (!std::filesystem::exists(database)) {
    fmt::print(stderr, "candled: database {} does not exist; name the file of a run with --db\n", database.string());
    return 1;
  }
  flow::Log log(config.log);
  flow::ProgressLine progress("verify", log);
  engine::VerifyRequest request{.database = database, .past = config::past_runs(config), .settings = config::engine_settings(config)};
  request.progress = [&](std::int64_t sequence, std::int64_t last) {
    progress.show("events", sequence, static_cast<double>(sequence) / static_cast<double>(last));
  };
  request.stop = [] { return flow::stop_requested(); };
  const Duration started = flow::monotonic_now();
  const Result<engine::VerifyReport> report = engine::verify(request, log);
  progress.finish();
  if (!report) {
    fmt::print(stderr, "candled: database {}: {}\n", database.string(), report.error().message);
    return 1;
  }
  if (json) {
    fmt::print("{}\n", as_json(*report, database));
  } else {
    print_text(*report, database, flow::monotonic_now() - started);
  }
  return report->differences() == 0 ? 0 : 1;
}

}  // namespace candled::cli
