// The loss of power, simulated below SQLite: what was synced is there, of the rest any part. At most a second is lost, and nothing that
// cannot be fetched again once it was shown.
#include <catch2/catch.hpp>
#include <chrono>
#include <fstream>
#include <random>
#include <thread>

#include "small_journal.hpp"
#include "store/faulty_vfs.hpp"
#include "store/sqlite.hpp"

namespace candled::tests {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

store::JournalSettings settings_for(const fs::path& path, store::Durability durability) {
  return {path,
          SmallJournal::markets(),
          {{"calm", "balanced"}, {"wild", "dynamic"}},
          {{"hash", {"a"}}, {"hash", {"a"}}},
          durability};
}

// A journal on a disk that may lose its power.
class Machine {
 public:
  explicit Machine(store::Durability durability) : rows_("candled_durability_rows") {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    writer_.emplace(settings_for(folder_ / "candled.sqlite", durability));
  }
  ~Machine() {
    writer_.reset();
    fs::remove_all(folder_);
  }
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  void trade(std::int64_t id) { write(rows_.trade(MarketId{0}, id)); }
  // With the trade that filled it, as the conveyor brings them.
  void fill(std::uint32_t number, std::int64_t trade) {
    std::vector<Event> events;
    events.push_back(rows_.fill(StrategyId{0}, number));
    events.push_back(rows_.trade(MarketId{0}, trade));
    write(std::move(events));
  }
  void model() { write(rows_.model_swap("{}")); }

  struct Found {
    std::int64_t trades = 0, fills = 0, swaps = 0, unbroken = 0;
  };
  // What a start finds after the loss: a file that opens, whole.
  Found after_loss(std::mt19937_64& random) {
    const fs::path other = folder_ / "after";
    fs::remove_all(other);
    fs::create_directories(other);
    vfs_.lose_power_into(other, random);
    const fs::path path = other / "candled.sqlite";
    Found found;
    {
      const store::JournalWriter again(settings_for(path, store::Durability::process));
      store::Connection file(path, store::Access::read_only);
      found.trades = file.query_integer("SELECT count(*) FROM trade");
      found.fills = file.query_integer("SELECT count(*) FROM fill");
      found.swaps = file.query_integer("SELECT count(*) FROM takeover");
      found.unbroken = file.query_integer("SELECT max(trade_id) = count(*) OR count(*) = 0 FROM trade");
      store::Statement check(file, "PRAGMA integrity_check");
      while (check.next()) CHECK(check.text(0) == "ok");
    }
    return found;
  }

 private:
  void write(Event event) {
    std::vector<Event> events;
    events.push_back(std::move(event));
    write(std::move(events));
  }
  void write(std::vector<Event> events) {
    ++sequence_;
    for (Event& event : events) event.sequence = sequence_;
    REQUIRE(writer_->write(events).has_value());
  }

  SmallJournal rows_;  // makes the events; its own file is on the real disk
  const fs::path folder_ = fs::temp_directory_path() / ("candled_durability" + std::to_string(::getpid()));
  FaultyVfs vfs_;
  std::optional<store::JournalWriter> writer_;
  std::int64_t sequence_ = 0;
};

}  // namespace

TEST_CASE("no fill and no model swap that a reader could see is lost with the power") {
  std::mt19937_64 random(12);
  Machine machine(store::Durability::power);
  std::int64_t trades = 0, fills = 0, swaps = 0, last_lost = 0;
  for (int step = 0; step < 300; ++step) {
    const bool was_shown = random() % 3 == 0;
    if (!was_shown) {
      machine.trade(++trades);
    } else if (random() % 4 == 0) {
      machine.model();
      ++swaps;
    } else {
      machine.fill(static_cast<std::uint32_t>(++fills), ++trades);
    }
    if (random() % 4 != 0) continue;
    const Machine::Found found = machine.after_loss(random);
    CHECK(found.fills == fills);
    CHECK(found.swaps == swaps);
    CHECK(found.unbroken == 1);  // a beginning of what was written, without holes
    if (was_shown) CHECK(found.trades == trades);
    last_lost += trades - found.trades;
  }
  CHECK(last_lost > 0);  // the loss does lose what was not synced
}

TEST_CASE("what was committed a second ago survives the loss of power") {
  std::mt19937_64 random(1);
  Machine machine(store::Durability::power);
  std::int64_t trades = 0;
  for (int second = 0; second < 3; ++second) {
    for (int i = 0; i < 20; ++i) machine.trade(++trades);
    std::this_thread::sleep_for(1s);
    CHECK(machine.after_loss(random).trades == trades);
  }
}

TEST_CASE("with durability \"process\" the loss of power takes what the system had not written") {
  std::mt19937_64 random(5);
  Machine machine(store::Durability::process);
  for (std::uint32_t i = 1; i <= 20; ++i) machine.fill(i, i);
  std::this_thread::sleep_for(1s);
  const Machine::Found found = machine.after_loss(random);
  CHECK(found.fills < 20);
  CHECK(found.unbroken == 1);
}

}  // namespace candled::tests
