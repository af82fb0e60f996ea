// candled check data: is what is stored whole? Reads only, so that it works while a daemon runs.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "candled/cli/commands.hpp"
#include "candled/config/assembly.hpp"
#include "candled/domain/json_writer.hpp"
#include "candled/flow/clock.hpp"
#include "candled/flow/signals.hpp"
#include "candled/net/real_world.hpp"
#include "candled/report/data_report.hpp"

namespace candled::cli {
namespace {

constexpr Duration exchange_patience = Duration::seconds(8);
constexpr Duration redraw_every = Duration::milliseconds(200);

// What a long reading says meanwhile, on a terminal only: the report is what counts elsewhere.
class ReadingLine {
 public:
  explicit ReadingLine(std::string market) : market_(std::move(market)), on_terminal_(::isatty(STDERR_FILENO) == 1) {}
  ~ReadingLine() {
    if (drawn_) fmt::print(stderr, "\r\033[K");
  }
  ReadingLine(const ReadingLine&) = delete;
  ReadingLine& operator=(const ReadingLine&) = delete;

  bool show(std::int64_t rows) {
    const Duration now = flow::monotonic_now();
    if (on_terminal_ && now - shown_at_ >= redraw_every) {
      shown_at_ = now;
      drawn_ = true;
      fmt::print(stderr, "\r\033[K{}: {} rows read", market_, rows);
      std::fflush(stderr);
    }
    return !flow::stop_requested();
  }

 private:
  const std::string market_;
  const bool on_terminal_;
  bool drawn_ = false;
  Duration shown_at_;
};

report::Comparison compare_with_exchange(const config::Config& config, const store::MarketQuality& quality) {
  if (!quality.candles.last) return {"no candles yet", 0, {}};
  flow::Log log(
      {flow::LogLevel::error, flow::LogFormat::text, ""});  // an exchange that does not answer is no error here
  Market market = quality.market;
  market.id = MarketId{0};
  ingest::FeedStatistics statistics({market});
  const std::unique_ptr<flow::World> world = net::make_real_world();
  ingest::HistoryFetcher fetcher(ingest::known_exchanges(), config::feed_settings(config), log, statistics, *world);
  const Duration until = flow::monotonic_now() + exchange_patience;
  const Result<std::vector<Candle>> theirs =
      fetcher.candles(market, [&] { return flow::stop_requested() || flow::monotonic_now() > until; });
  if (!theirs) return {theirs.error().message, 0, {}};
  if (theirs->empty()) return {"no answer in time", 0, {}};
  const store::Reader reader(config.storage.path, {market});
  report::Comparison comparison = report::compare(
      reader.candles(market.id, theirs->front().open_time, theirs->back().open_time + Duration{1}), *theirs);
  if (comparison.compared == 0) comparison.problem = "the exchange's candles are of another time";
  return comparison;
}

// Those that were named on the command line, or all.
MarketTable chosen(const MarketTable& stored, const CheckDataOptions& options, const std::string& path) {
  if (options.markets.empty()) return stored;
  MarketTable markets;
  for (const std::string& name : options.markets) {
    const auto found = std::ranges::find(stored, name, &Market::name);
    if (found == stored.end()) throw std::runtime_error(fmt::format("database {} holds no market {}", path, name));
    markets.push_back(*found);
  }
  return markets;
}

std::string verdict(bool any_market, bool whole, bool fetchable, bool is_ahead) {
  if (!any_market) return "the file holds no market";
  if (is_ahead) return "stored times are ahead of the clock: they are wrong, and so is what was made of them";
  if (whole) return "everything is whole";
  return fetchable ? "not everything is whole; candled --gap-fill fetches what is missing"
                   : "not everything is whole; no id is missing, so these candles are beyond what --gap-fill can "
                     "fetch: of files, or in front of the first trade";
}

}  // namespace

int run_check_data(const config::Config& config, const CheckDataOptions& options) {
  const std::string path = config.storage.path.string();
  if (!std::filesystem::exists(config.storage.path))
    throw std::runtime_error(fmt::format("there is no database {}", path));
  const MarketTable markets = chosen(store::stored_markets(config.storage.path), options, path);
  bool whole = !markets.empty(), fetchable = false, is_ahead = false;
  std::string out;
  JsonWriter json(out);
  json.begin_array();
  for (const Market& market : markets) {
    std::optional<store::MarketQuality> quality;
    {
      ReadingLine line(market.name());
      quality = store::read_quality(config.storage.path, market, [&](std::int64_t rows) { return line.show(rows); });
    }
    if (!quality) return 1;  // stopped
    report::DataReport report{std::move(*quality), std::nullopt, flow::wall_now()};
    if (!options.offline) report.comparison = compare_with_exchange(config, report.quality);
    whole &= report.quality.whole();
    is_ahead |= report::ahead(report).has_value();
    fetchable |= report.quality.trades.missing_ids > 0 || report.quality.open_sequence_gaps > 0;
    if (options.as_json) {
      report::write_json(json, report);
    } else {
      fmt::print("{}\n", report::text_of(report));
    }
  }
  json.end_array();
  if (options.as_json) {
    fmt::print("{}\n", json_object([&](JsonWriter& all) { all.member("whole", whole).key("markets").json(out); }));
  } else {
    fmt::print("{}\n", verdict(!markets.empty(), whole, fetchable, is_ahead));
  }
  return whole && !is_ahead ? 0 : 1;
}

}  // namespace candled::cli
