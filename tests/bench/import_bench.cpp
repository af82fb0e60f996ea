// Import and export beside what SQLite alone can do: the whole program, from the file on the disk to the rows, in one run.
//
//   build/import_bench build/candled [trades]     default 1,000,000 trades and a year of one-minute candles with all features
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "candled/flow/clock.hpp"
#include "candled/store/journal_writer.hpp"

using namespace candled;

namespace {

double seconds_since(Duration start) { return static_cast<double>((flow::monotonic_now() - start).ns) / 1e9; }

// The trade table alone, one prepared insert, transactions of as many rows as the journal's slices hold.
double bare_inserts_per_second(const std::filesystem::path& folder, std::int64_t rows) {
  const auto path = folder / "bare.sqlite";
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
                                     50'000'000 + i % 7919, i % 2, std::int64_t{2}, i % 2 + 1, std::int64_t{0}, i}) {
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

void write_trades(const std::filesystem::path& path, std::int64_t rows) {
  std::ofstream out(path);
  for (std::int64_t i = 0; i < rows; ++i) {
    out << fmt::format("{},{}.{:02},0.{:08},{}.5,{},{},True\n", i + 1, 42'000 + i / 9'973 % 500, i % 97,
                       1 + i * 7'919 % 99'999'999, i % 40'000, 1'704'067'200'000 + i * 37,
                       i % 3 == 0 ? "True" : "False");
  }
}

void write_klines(const std::filesystem::path& path, std::int64_t rows) {
  std::ofstream out(path);
  for (std::int64_t i = 0; i < rows; ++i) {
    const std::int64_t open = 1'672'531'200'000 + i * 60'000;
    const std::int64_t price = 42'000 + i * 31 % 997;
    out << fmt::format("{},{},{},{},{},{}.5,{},1000,{},{}.25,500,0\n", open, price, price + 9, price - 7, price + 3,
                       10 + i % 50, open + 59'999, 100 + i % 77, 4 + i % 5);
  }
}

struct Run {
  double seconds = 0;
  double processor_seconds = 0;  // of all threads: tells what a busy machine hides
  double memory_mb = 0;          // the most that was resident
};

Run run(std::vector<std::string> words) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  std::fflush(stdout);
  const Duration start = flow::monotonic_now();
  const pid_t child = fork();
  if (child == 0) {
    std::freopen("/dev/null", "w", stdout);
    std::freopen("/dev/null", "w", stderr);
    execv(arguments.front(), arguments.data());
    _exit(127);
  }
  int status = 0;
  rusage usage{};
  wait4(child, &status, 0, &usage);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    fmt::print(stderr, "import_bench: {} {} failed\n", words[0], words[1]);
    std::exit(1);
  }
  auto seconds_of = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return {seconds_since(start), seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime),
          static_cast<double>(usage.ru_maxrss) / 1024};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: import_bench CANDLED [trades]\n");
    return 2;
  }
  const std::string candled = std::filesystem::absolute(argv[1]).string();
  const std::int64_t trades = argc > 2 ? std::atoll(argv[2]) : 1'000'000;
  constexpr std::int64_t candles = 525'600;
  const auto folder = std::filesystem::temp_directory_path() / fmt::format("candled_import_bench_{}", ::getpid());
  std::filesystem::create_directories(folder);
  const std::string market = "kraken:BTC/USD", trades_csv = folder / "trades.csv",
                    klines_csv = folder / "BTCUSDT-1m-2023.csv";
  const std::string trades_db = folder / "trades.sqlite", candles_db = folder / "candles.sqlite",
                    out = folder / "out.csv";
  write_trades(trades_csv, trades);
  write_klines(klines_csv, candles);

  const double bare = bare_inserts_per_second(folder, trades);
  fmt::print("bare prepared inserts          {:>9.0f} rows/s\n", bare);
  const Run imported = run({candled, "import", trades_csv, "--market", market, "--db", trades_db});
  const double rate = static_cast<double>(trades) / imported.seconds;
  fmt::print(
      "import of trades               {:>9.0f} rows/s   {:.0f} % of bare   {:.0f} MB resident at most   {:.2f} s of "
      "processor\n",
      rate, 100 * rate / bare, imported.memory_mb, imported.processor_seconds);
  const Run year = run({candled, "import", klines_csv, "--market", market, "--db", candles_db});
  fmt::print("a year of candles, features    {:>9.2f} s   {:.0f} MB resident at most   {:.2f} s of processor\n",
             year.seconds, year.memory_mb, year.processor_seconds);
  for (const auto& [kind, database, rows] :
       {std::tuple{"trades", trades_db, trades}, std::tuple{"candles", candles_db, candles}}) {
    const Run exported = run({candled, "export", kind, "--market", market, "--db", database, "--out", out});
    fmt::print("export of {:<8}             {:>9.0f} rows/s   {:.0f} MB resident at most   {:.2f} s of processor\n",
               kind, static_cast<double>(rows) / exported.seconds, exported.memory_mb, exported.processor_seconds);
  }
  std::filesystem::remove_all(folder);
  return 0;
}
