// candled check features: do the stored rows know anything that came after them, and how long is each feature's true warm-up?
//
// One pass over the stored candles. At each cut the process has read nothing behind it, makes the row from what it has read, and
// compares it bit for bit with the stored one; then it goes on from a saved and loaded state, as after a restart. The rows
// between the cuts are compared too.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "candled/cli/commands.hpp"
#include "candled/domain/json_writer.hpp"
#include "candled/features/feature_set.hpp"
#include "candled/features/leak_check.hpp"
#include "candled/features/warm_up_check.hpp"
#include "candled/flow/progress_line.hpp"
#include "candled/flow/signals.hpp"
#include "candled/store/row_reader.hpp"
#include "cli/held_markets.hpp"

namespace candled::cli {
namespace {

constexpr std::size_t candles_per_slice = 2'000;
constexpr std::size_t warm_up_places = 8;
constexpr int warm_up_limit_candles = 5'000;

struct Difference {
  std::string feature;
  Timestamp open_time;
  double stored, made;
};

struct Findings {
  std::string market;
  std::int64_t candles = 0, cuts = 0, rows = 0, rows_at_cuts = 0;
  std::int64_t without_row = 0, of_other_list = 0;
  std::int64_t differing = 0;
  std::int64_t before_revision = 0;  // rows that live inference saw, and candles in front of them were revised later
  std::int64_t due = 0;              // rows that are to be rebuilt, for a candle up to them has changed
  std::optional<Difference> first;
  std::vector<features::WarmUp> warm_ups;
  std::size_t warm_up_starts = 0;
  bool stopped = false;

  bool good() const { return differing == 0 && of_other_list == 0 && !stopped && rows > 0; }
};

class MarketCheck {
 public:
  MarketCheck(const config::Config& config, const Market& market, const CheckFeaturesOptions& options, flow::Log& log)
      : reader_(config.storage.path, market),
        set_(market.interval, config.features.list),
        candles_(static_cast<std::size_t>(reader_.candle_count())),
        cuts_(features::choose_cuts(candles_, static_cast<std::size_t>(options.cuts),
                                    static_cast<std::uint64_t>(options.seed))),
        warm_up_limit_(static_cast<int>(std::min<std::size_t>(warm_up_limit_candles, candles_ / 2))),
        warm_ups_(market.interval, config.features.list,
                  features::places_to_start(candles_, warm_up_places, warm_up_limit_), warm_up_limit_),
        progress_(market.name(), log) {
    findings_.market = market.name();
    findings_.candles = static_cast<std::int64_t>(candles_);
    findings_.cuts = static_cast<std::int64_t>(cuts_.size());
  }

  Findings run() {
    std::size_t position = 0;
    for (const std::size_t cut : cuts_) {
      if (!read_to(position, cut + 1)) return findings_;
      set_ = set_.copy();
    }
    read_to(position, candles_);
    progress_.finish();
    findings_.warm_ups = warm_ups_.result();
    findings_.warm_up_starts = warm_ups_.places_followed();
    return findings_;
  }

 private:
  // Reads and checks the candles up to `end`, and not one more.
  bool read_to(std::size_t& position, std::size_t end) {
    while (position < end) {
      if (flow::stop_requested()) {
        findings_.stopped = true;
        return false;
      }
      const std::vector<store::CandleWithRow> slice = reader_.next(std::min(end - position, candles_per_slice));
      if (slice.empty()) return true;
      for (const store::CandleWithRow& stored : slice) check(stored, ++position == end);
      progress_.show("candles", static_cast<std::int64_t>(position),
                     static_cast<double>(position) / static_cast<double>(candles_));
    }
    return true;
  }

  void check(const store::CandleWithRow& stored, bool at_cut) {
    const BookFacts* book = stored.book ? &*stored.book : nullptr;
    const std::span<const double> made = set_.update(stored.candle, book);
    warm_ups_.update(stored.candle, made, book);
    const bool revised_before = revised_;
    revised_ |= stored.candle.revision > 0 || stored.candle_sequence == 0;
    if (made.empty()) return;
    if (stored.hash.empty()) {
      ++findings_.without_row;
    } else if (stored.hash != set_.hash()) {
      ++findings_.of_other_list;
    } else {
      ++findings_.rows;
      if (at_cut) ++findings_.rows_at_cuts;
      compare(stored, made, (revised_before || revised_) && stored.row_sequence > 0);
    }
  }

  void compare(const store::CandleWithRow& stored, std::span<const double> made, bool candles_were_others) {
    const std::optional<std::size_t> column = features::first_difference(stored.features, made);
    if (!column) return;
    if (candles_were_others) {
      ++findings_.before_revision;
      return;
    }
    const std::optional<Timestamp> due = stored.row_sequence == 0 ? reader_.features_due() : std::nullopt;
    if (due && stored.candle.open_time >= *due) {
      ++findings_.due;
      return;
    }
    ++findings_.differing;
    if (findings_.first || *column >= made.size() || *column >= stored.features.size()) return;
    findings_.first = {set_.list()[*column].name, stored.candle.open_time, stored.features[*column], made[*column]};
  }

  store::RowReader reader_;
  features::FeatureSet set_;
  const std::size_t candles_;
  const std::vector<std::size_t> cuts_;
  const int warm_up_limit_;
  features::WarmUpCheck warm_ups_;
  flow::ProgressLine progress_;
  Findings findings_;
  bool revised_ = false;  // a candle so far was imported or rebuilt after it was first closed
};

std::string measured_text(const features::WarmUp& warm_up, int limit) {
  if (!warm_up.ever_known) return "unknown";
  return warm_up.measured_candles ? std::to_string(*warm_up.measured_candles) : fmt::format("over {}", limit);
}

void print_warm_ups(const Findings& findings) {
  if (findings.warm_up_starts == 0) return;
  fmt::print(
      "\nWarm-up in candles, over {} places to start: the first value, and from where on the start no longer matters "
      "to 1e-9\n",
      findings.warm_up_starts);
  for (const features::WarmUp& warm_up : findings.warm_ups) {
    const int limit = static_cast<int>(std::min<std::int64_t>(warm_up_limit_candles, findings.candles / 2));
    fmt::print("  {:<28} {:>6} {:>9}\n", warm_up.name, warm_up.declared_candles, measured_text(warm_up, limit));
  }
}

void print_text(const Findings& f) {
  fmt::print("{}: {} candles cut at {} places; {} rows compared bit for bit, {} of them at a cut\n", f.market,
             f.candles, f.cuts, f.rows, f.rows_at_cuts);
  if (f.without_row > 0) fmt::print("  {} candles have no row yet\n", f.without_row);
  if (f.of_other_list > 0)
    fmt::print("  {} rows are of another feature list: a start of the daemon rebuilds them\n", f.of_other_list);
  if (f.before_revision > 0) {
    fmt::print("  {} rows stay as live inference saw them: candles in front of them were revised or imported later\n",
               f.before_revision);
  }
  if (f.due > 0)
    fmt::print("  {} rows are due: a candle up to them has changed since; the daemon rebuilds them\n", f.due);
  if (f.first) {
    fmt::print("  DIFFERENT: {} at {}: stored {:.17g}, made from the cut history {:.17g}\n", f.first->feature,
               to_iso8601(f.first->open_time), f.first->stored, f.first->made);
  }
  fmt::print("  {}\n", f.stopped         ? "stopped"
                       : f.differing > 0 ? fmt::format("{} rows differ", f.differing)
                       : f.good()        ? "no row differs: none knows what came after it"
                                         : "not checked");
  if (!f.stopped) print_warm_ups(f);
}

constexpr int all_digits = 17;  // tells any two doubles apart

std::string as_json(const Findings& f) {
  return json_object([&](JsonWriter& json) {
    json.member("market", f.market)
        .member("good", f.good())
        .member("candles", f.candles)
        .member("cuts", f.cuts)
        .member("rows", f.rows);
    json.member("rows_at_cuts", f.rows_at_cuts)
        .member("without_row", f.without_row)
        .member("of_other_list", f.of_other_list);
    json.member("before_revision", f.before_revision)
        .member("due", f.due)
        .member("differing", f.differing)
        .key("first_difference");
    if (f.first) {
      json.begin_object().member("feature", f.first->feature).member("open_time", f.first->open_time);
      json.key("stored")
          .rounded(f.first->stored, all_digits)
          .key("made")
          .rounded(f.first->made, all_digits)
          .end_object();
    } else {
      json.value(nullptr);
    }
    json.member("warm_up_starts", f.warm_up_starts).key("warm_up").begin_array();
    for (const features::WarmUp& w : f.warm_ups) {
      json.begin_object()
          .member("feature", w.name)
          .member("declared", w.declared_candles)
          .member("measured", w.measured_candles)
          .end_object();
    }
    json.end_array();
  });
}

// One market a line.
void print_json(bool good, const std::vector<std::string>& markets) {
  fmt::print("{}\n", json_object([&](JsonWriter& json) {
               json.member("good", good).key("markets").begin_array();
               for (const std::string& market : markets)
                 json.space(&market == &markets.front() ? "" : "\n").json(market);
               json.end_array();
             }));
}

}  // namespace

int run_check_features(const config::Config& config, const CheckFeaturesOptions& options) {
  const std::filesystem::path& database = config.storage.path;
  if (!std::filesystem::exists(database))
    throw std::runtime_error(fmt::format("there is no database {}", database.string()));
  flow::Log log(config.log);
  bool good = true;
  std::vector<std::string> json;
  for (const Market& market : config.table) {
    const Findings findings = MarketCheck(config, market, options, log).run();
    good &= findings.good();
    if (options.as_json) {
      json.push_back(as_json(findings));
    } else if (findings.candles == 0) {
      fmt::print(stderr, "candled: check features: {}\n", nothing_of(market.name(), database));
    } else {
      print_text(findings);
    }
  }
  if (options.as_json) print_json(good, json);
  return good ? 0 : 1;
}

}  // namespace candled::cli
