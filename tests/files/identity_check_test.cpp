// Ids beside stored ones: those of the market pass, wherever they lie; those of another exchange are refused.
#include <map>
#include <random>

#include <catch2/catch.hpp>

#include "candled/files/identity_check.hpp"

namespace candled::tests {
namespace {

class StoredIds {
 public:
  void add(const Trade& trade) { trades_[trade.id] = trade; }
  files::IdentityCheck::Stored access() const {
    return {[this](std::int64_t id) {
              const auto at = trades_.lower_bound(id);
              return at == trades_.end() ? std::optional<Trade>() : std::optional(at->second);
            },
            [this](std::int64_t id) {
              const auto at = trades_.lower_bound(id);
              return at == trades_.begin() ? std::optional<Trade>() : std::optional(std::prev(at)->second);
            }};
  }

 private:
  std::map<std::int64_t, Trade> trades_;
};

Trade trade_at(std::int64_t id, double seconds, const char* price = "100") {
  Trade trade;
  trade.id = id;
  trade.time = Timestamp{1'735'689'600'000'000'000} + Duration{static_cast<std::int64_t>(seconds * 1e9)};
  trade.price = *Price::parse(price);
  trade.quantity = *Quantity::parse("0.5");
  trade.side = Side::buy;
  return trade;
}

struct Checked {
  std::string error;
  files::Contradictions contradictions;
};

Checked check(const StoredIds& stored, const std::vector<Trade>& trades) {
  files::IdentityCheck check(stored.access());
  for (const Trade& trade : trades) {
    if (const Result<void> fits = check.add(trade); !fits) return {fits.error().message, {}};
  }
  const Result<void> fits = check.finish();
  return {fits ? "" : fits.error().message, check.contradictions()};
}

}  // namespace

TEST_CASE("identity: ids of the same market pass, in front of, behind and between the stored ones, with holes") {
  for (unsigned seed = 0; seed < 1'000; ++seed) {
    std::mt19937 dice(seed);
    const std::int64_t first = std::uniform_int_distribution<std::int64_t>(0, 5'000'000'000)(dice);
    const double pause = std::exponential_distribution<double>(0.2)(dice) + 0.001;
    StoredIds stored;
    std::vector<Trade> file;
    double time = 0;
    bool into_file = dice() % 2 == 0, into_store = dice() % 2 == 0;
    std::int64_t both = 0;
    std::int64_t id = first;
    for (int n = 0; n < 400; ++n, ++id) {
      time += std::exponential_distribution<double>(1 / pause)(dice);
      if (dice() % 50 == 0) into_file = !into_file;
      if (dice() % 50 == 0) into_store = !into_store;
      if (dice() % 100 == 0) {  // nothing of a stretch is anywhere
        const auto hole = static_cast<std::int64_t>(dice() % 100'000);
        id += hole;
        time += static_cast<double>(hole) * pause;
      }
      const Trade trade = trade_at(id, time + (dice() % 10 == 0 ? -0.5 : 0));
      if (into_file) file.push_back(trade);
      if (into_store) stored.add(trade);
      both += into_file && into_store ? 1 : 0;
    }
    INFO(seed);
    const Checked checked = check(stored, file);
    CHECK(checked.error == "");
    CHECK(checked.contradictions.rows == 0);
  }
}

TEST_CASE("identity: ids of another exchange at the same times are refused") {
  for (unsigned seed = 0; seed < 1'000; ++seed) {
    std::mt19937 dice(seed);
    const std::int64_t ours = std::uniform_int_distribution<std::int64_t>(1'000, 100'000'000)(dice);
    const std::int64_t apart = std::uniform_int_distribution<std::int64_t>(2'000, 4'000'000'000)(dice);
    const std::int64_t theirs = dice() % 2 == 0 ? ours + apart : std::max<std::int64_t>(ours - apart, 0);
    if (std::abs(theirs - ours) < 1'000) continue;
    StoredIds stored;
    for (int n = 0; n < 500; ++n) stored.add(trade_at(ours + n, n * 2.0));
    // Begins before, within or after the stored times, and overlaps them.
    const double begins = std::uniform_real_distribution<double>(-600, 800)(dice);
    std::vector<Trade> file;
    for (int n = 0; n < 400; ++n) file.push_back(trade_at(theirs + n, begins + n * 2.0, "101"));
    INFO(seed << " " << ours << " " << theirs << " " << begins);
    const Checked checked = check(stored, file);
    CHECK(checked.error.find("are of another exchange or market") != std::string::npos);
    CHECK(checked.error.find("stored trade") != std::string::npos);
    CHECK(checked.error.find('\n') == std::string::npos);
  }
}

TEST_CASE("identity: ids far away shortly afterwards are refused, after years they are not") {
  StoredIds stored;
  for (int n = 0; n < 2'000; ++n) stored.add(trade_at(90'000'000 + n, n * 2.0));
  CHECK(check(stored, {trade_at(4'210'000'000, 86'400)}).error.find("too far from stored") != std::string::npos);
  CHECK(check(stored, {trade_at(7, -86'400)}).error.find("too far from stored") != std::string::npos);
  CHECK(check(stored, {trade_at(100'000'000, 86'400 * 365)}).error == "");
  CHECK(check(stored, {trade_at(7, -86'400 * 3'000)}).error == "");
  CHECK(check({}, {trade_at(7, 0), trade_at(4'210'000'000, 1)}).error == "");  // nothing is stored
}

TEST_CASE("identity: rows that contradict stored ones are counted, most of them refuse the file") {
  StoredIds stored;
  for (int n = 0; n < 100; ++n) stored.add(trade_at(1'000 + n, n));
  std::vector<Trade> file;
  for (int n = 0; n < 100; ++n) file.push_back(trade_at(1'000 + n, n));
  file[10].quantity = *Quantity::parse("0.7");
  file[20].time = file[20].time + Duration::milliseconds(200);  // a file of whole seconds
  file[30].side = Side::unknown;
  const Checked one = check(stored, file);
  CHECK(one.error == "");
  CHECK(one.contradictions.rows == 1);
  CHECK(one.contradictions.first ==
        "trade 1010: stored is 2025-01-01T00:00:10Z 0.5 at 100, buy, here it is 2025-01-01T00:00:10Z 0.7 at 100, buy");
  for (Trade& trade : file) trade.price = *Price::parse("3000");
  CHECK(check(stored, file).error.find("100 of 100 trades with stored ids say something else") != std::string::npos);
  file.resize(3);  // a handful may be wrong by itself
  CHECK(check(stored, file).contradictions.rows == 3);
}

}  // namespace candled::tests
