// Frames on loopback to committed rows, with every station on, beside a bare loop of prepared SQLite inserts in the same run.
//
//   throughput_bench [trades]     (default 1,000,000)
//
// The local exchange runs in the same process on a thread of its own and shares the cores, so the figure is a lower bound.
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/resource.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "candled/engine/conveyor.hpp"
#include "candled/flow/clock.hpp"
#include "candled/flow/thread.hpp"
#include "candled/ingest/feed.hpp"
#include "candled/net/real_world.hpp"
#include "candled/simulator/local_exchange.hpp"

using namespace candled;

namespace {

double seconds_since(Duration start) { return static_cast<double>((flow::monotonic_now() - start).ns) / 1e9; }

std::filesystem::path fresh(const std::string& name) {
  const auto folder = std::filesystem::temp_directory_path() / name;
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  return folder;
}

// Rows per second of the trade table alone, in transactions of as many rows as the journal's slices hold.
double bare_inserts(std::int64_t rows) {
  const auto path = fresh("candled_bench_bare") / "bare.sqlite";
  {
    store::JournalWriter create({path, {}, {}, {}});
  }
  sqlite3* db = nullptr;
  sqlite3_open(path.c_str(), &db);
  sqlite3_exec(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000", nullptr,
               nullptr, nullptr);
  sqlite3_stmt* insert = nullptr;
  sqlite3_prepare_v2(db, "INSERT OR IGNORE INTO trade VALUES (?,?,?,?,?,?,?,?,?,?,?)", -1, &insert, nullptr);
  const Duration start = flow::monotonic_now();
  for (std::int64_t i = 0; i < rows; ++i) {
    if (i % 8192 == 0) sqlite3_exec(db, "BEGIN", nullptr, nullptr, nullptr);
    const std::int64_t time = 1'735'689'600'000'000'000 + i * 1'000'000;
    int column = 0;
    for (const std::int64_t value : {std::int64_t{1}, i, time, time + 5'000'000, 1'000'000'000'000'000 + i % 1000,
                                     50'000'000 + i % 7919, i % 2, std::int64_t{0}, i % 2 + 1, std::int64_t{0}, i}) {
      sqlite3_bind_int64(insert, ++column, value);
    }
    sqlite3_step(insert);
    sqlite3_reset(insert);
    if (i % 8192 == 8191 || i + 1 == rows) sqlite3_exec(db, "COMMIT", nullptr, nullptr, nullptr);
  }
  const double took = seconds_since(start);
  sqlite3_finalize(insert);
  sqlite3_close(db);
  return static_cast<double>(rows) / took;
}

engine::EngineSettings engine_settings(const std::filesystem::path& folder, const MarketTable& markets,
                                       engine::ThreadLayout layout) {
  engine::EngineSettings settings;
  settings.database = folder / "candled.sqlite";
  settings.markets = markets;
  settings.strategies = {
      {"dynamic", "dynamic", {}}, {"balanced", "balanced", {}}, {"ultra_aggressive", "ultra_aggressive", {}}};
  settings.layout = layout;
  return settings;
}

std::int64_t resident_kilobytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::atoll(line.c_str() + 6);
  }
  return 0;
}

struct Measured {
  double trades_per_second = 0;
  std::int64_t candles = 0;
  std::int64_t resident_kb = 0;
};

Measured loopback(std::int64_t trades, engine::ThreadLayout layout, store::Durability durability) {
  const auto folder = fresh("candled_bench_loopback");
  simulator::LocalExchangeSettings market;
  simulator::SyntheticMarket tape;
  tape.trades_per_minute = 2000;
  tape.trades_max = trades;
  market.markets = {{"BTC/USD", tape}};
  market.speed = 0;
  market.limits.rest_calls_per_second = 0;
  auto exchange = simulator::LocalExchange::open(std::move(market));
  if (!exchange) throw std::runtime_error(exchange.error().message);
  flow::TaskThread exchange_thread("simulator", [&] { (*exchange)->run(); });

  const MarketTable markets{{MarketId{0}, "kraken", "BTC/USD", Duration::minutes(1)}};
  ingest::FeedSettings feed_settings{{ingest::default_settings(*ingest::known_exchanges().find("kraken")->descriptor)},
                                     {}};
  feed_settings.exchanges[0].websocket_url = fmt::format("ws://127.0.0.1:{}/v2", (*exchange)->port());
  feed_settings.exchanges[0].rest_url = fmt::format("http://127.0.0.1:{}/0/public", (*exchange)->port());
  feed_settings.exchanges[0].rest_interval = Duration::milliseconds(1);
  feed_settings.history.on_start = Duration{};

  flow::Log log({flow::LogLevel::error, flow::LogFormat::text, {}, {}});
  const engine::EngineSettings settings = engine_settings(folder, markets, layout);
  store::JournalWriter writer({settings.database,
                               markets,
                               {{"dynamic", ""}, {"balanced", ""}, {"ultra_aggressive", ""}},
                               engine::feature_lists(markets),
                               durability});
  const store::Reader reader(settings.database, markets);
  engine::EngineStatistics statistics;
  ingest::FeedStatistics feed_statistics(markets);
  engine::Conveyor conveyor(settings, writer, reader, log, statistics);
  if (const auto recovered = conveyor.recover({}); !recovered) throw std::runtime_error(recovered.error().message);
  const std::unique_ptr<flow::World> world = net::make_real_world();
  ingest::Feed feed(ingest::known_exchanges(), feed_settings, markets, {}, std::move(conveyor.feed()), log,
                    feed_statistics, *world);
  conveyor.start();
  flow::TaskThread ingest("ingest", [&] { feed.run(); });
  while (statistics.committed_sequence.value() == 0) flow::pause(Duration::milliseconds(1));
  const Duration start = flow::monotonic_now();
  const std::int64_t already = statistics.committed_sequence.value();
  while (statistics.trades.value() < trades - 100) {
    flow::pause(Duration::milliseconds(5));
    if (seconds_since(start) > 120)
      throw std::runtime_error(fmt::format("only {} of {} trades came through", statistics.trades.value(), trades));
  }
  while (statistics.committed_sequence.value() < statistics.head_events.value()) flow::pause(Duration::milliseconds(1));
  const double took = seconds_since(start);
  Measured measured{static_cast<double>(statistics.committed_sequence.value() - already) / took,
                    statistics.candles.value(), resident_kilobytes()};
  feed.request_stop();
  ingest.join();
  conveyor.join();
  (*exchange)->stop();
  return measured;
}

struct CommitTimes {
  flow::LatencyHistogram trade, fill;
};

// A trade a commit, as a quiet market has them, and now and then a fill.
void time_commits(store::Durability durability, CommitTimes& times) {
  const MarketTable markets{{MarketId{0}, "kraken", "BTC/USD", Duration::minutes(1)}};
  store::JournalWriter writer({fresh("candled_bench_commits") / "candled.sqlite",
                               markets,
                               {{"dynamic", ""}},
                               engine::feature_lists(markets),
                               durability});
  constexpr std::int64_t slices = 1000, fill_every = 5;
  for (std::int64_t i = 1; i <= slices; ++i) {
    const bool fills = i % fill_every == 0;
    Trade trade;
    trade.id = i;
    trade.time = trade.received = Timestamp{1'735'689'600'000'000'000 + i * 1'000'000'000};
    Fill fill;
    fill.number = static_cast<std::uint32_t>(i);
    std::vector<Event> events;
    if (fills) events.push_back(Event::of(MarketId{0}, fill));
    events.push_back(Event::of(MarketId{0}, trade));
    for (Event& event : events) event.sequence = i;
    const Duration start = flow::monotonic_now();
    if (const Result<void> written = writer.write(events); !written) throw std::runtime_error(written.error().message);
    (fills ? times.fill : times.trade).record_us((flow::monotonic_now() - start).ns / 1000);
    flow::pause(Duration::milliseconds(2));
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::int64_t trades = argc > 1 ? std::atoll(argv[1]) : 1'000'000;
  const double bare = bare_inserts(trades);
  fmt::print("bare prepared inserts      {:>10.0f} rows/s\n", bare);
  const auto measure = [&](const char* name, engine::ThreadLayout layout, store::Durability durability) {
    const Measured m = loopback(trades, layout, durability);
    fmt::print("loopback, layout {:<15} {:>10.0f} trades/s   {:.0f} % of bare   {} candles   {} MB resident\n", name,
               m.trades_per_second, 100 * m.trades_per_second / bare, m.candles, m.resident_kb / 1024);
  };
  measure("market", engine::ThreadLayout::market, store::Durability::power);
  measure("market, process", engine::ThreadLayout::market, store::Durability::process);
  measure("stages", engine::ThreadLayout::stages, store::Durability::power);
  measure("inline", engine::ThreadLayout::inline_journal, store::Durability::power);
  for (const auto& [name, durability] :
       {std::pair{"power", store::Durability::power}, std::pair{"process", store::Durability::process}}) {
    CommitTimes times;
    time_commits(durability, times);
    fmt::print(
        "commit, durability {:<8} of a trade: p50 {:>6} us, p99 {:>6} us   of a fill: p50 {:>6} us, p99 {:>6} us\n",
        name, times.trade.quantile_us(0.5), times.trade.quantile_us(0.99), times.fill.quantile_us(0.5),
        times.fill.quantile_us(0.99));
  }
  return 0;
}
