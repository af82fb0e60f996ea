// candled verify: is what was recorded what the same events give again? Reads only, so that it works while a daemon runs.
#include <fmt/format.h>

#include <filesystem>
#include <string>

#include "candled/cli/commands.hpp"
#include "candled/config/assembly.hpp"
#include "candled/domain/json_writer.hpp"
#include "candled/engine/verify.hpp"
#include "candled/flow/clock.hpp"
#include "candled/flow/progress_line.hpp"
#include "candled/flow/signals.hpp"

namespace candled::cli {
namespace {

std::string words(std::string name) {
  for (char& c : name) c = c == '_' ? ' ' : c;
  return name;
}

void print_text(const engine::VerifyReport& report, const std::filesystem::path& database, Duration took) {
  fmt::print("{}: {} recorded events of {} runs replayed in {:.1f} s, with {} model swaps and {} pauses or resumes\n",
             database.string(), report.head_events, report.runs, static_cast<double>(took.ns) / 1e9, report.model_swaps,
             report.pauses);
  fmt::print("  {:<16} {:>10} {:>10} {:>10}\n", "", "compared", "different", "missing");
  for (const auto& [name, fact] : report.facts())
    fmt::print("  {:<16} {:>10} {:>10} {:>10}\n", words(name), fact.compared, fact.different, fact.missing);
  const auto apart = [](std::int64_t count, const char* what) {
    if (count > 0) fmt::print("  not compared: {} {}\n", count, what);
  };
  apart(report.imported_candles, "candles that no run of the stream made as they are: of files, or filled in");
  apart(report.rebuilt_features, "feature rows rebuilt from stored candles (candled check features compares those)");
  apart(report.pruned_features, "feature rows that were deleted since ([storage] keep_features)");
  apart(report.waiting_candles, "candles whose revision is due");
  for (const auto& [feature, values] : report.older_formulas)
    fmt::print("  not compared: {} values of {}, made by an older formula\n", values, feature);
  if (report.differences() == 0) {
    fmt::print("  {} facts compared, no difference\n", report.compared());
  } else {
    fmt::print("  {} facts compared, {} DIFFERENT; the first: {}\n", report.compared(), report.differences(),
               report.first_difference);
  }
}

std::string as_json(const engine::VerifyReport& report, const std::filesystem::path& database) {
  return json_object([&](JsonWriter& json) {
    json.member("good", report.differences() == 0)
        .member("database", database.string())
        .member("events", report.head_events);
    json.member("runs", report.runs)
        .member("takeovers", report.model_swaps)
        .member("pauses", report.pauses)
        .member("compared", report.compared());
    json.member("differences", report.differences())
        .member_or_null("first_difference", report.first_difference)
        .key("facts")
        .begin_object();
    for (const auto& [name, fact] : report.facts()) {
      json.key(name)
          .begin_object()
          .member("compared", fact.compared)
          .member("different", fact.different)
          .member("missing", fact.missing)
          .end_object();
    }
    json.end_object().key("not_compared").begin_object().member("imported_candles", report.imported_candles);
    json.member("rebuilt_feature_rows", report.rebuilt_features).member("pruned_feature_rows", report.pruned_features);
    json.member("candles_due_for_revision", report.waiting_candles).end_object();
  });
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
  engine::VerifyRequest request{
      .database = database, .past = config::past_runs(config), .settings = config::engine_settings(config)};
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
