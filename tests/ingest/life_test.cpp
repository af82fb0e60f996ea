// What proves that the trades of a market still reach us: pure arithmetic, and what a page says.
#include <catch2/catch.hpp>

#include <random>

#include "ingest/life_page.hpp"
#include "ingest/life_proof.hpp"
#include "ingest/recent_trades.hpp"
#include "ingest_fixtures.hpp"

namespace candled::ingest {
namespace {

constexpr Duration minute = Duration::minutes(1);
constexpr Duration patience = Duration::seconds(30);
using Verdict = LifeProof::Verdict;

// Minutes behind the test's epoch, which is a whole one.
Timestamp at(double minutes) { return test_epoch + Duration{static_cast<std::int64_t>(minutes * 60e9)}; }

const ExchangeDescriptor& kraken() { return *known_exchanges().find("kraken")->descriptor; }

TradesPage page_of(std::vector<Trade> trades) {
  TradesPage page;
  page.rows = trades.size();
  page.trades = std::move(trades);
  return page;
}

}  // namespace

TEST_CASE("life: the minute of a trade needs no proof, the next one does, and answers hold ever longer") {
  LifeProof life;
  life.heard(at(0.2));
  CHECK(life.judge(at(1.9), {}, patience) == Verdict::proven);
  CHECK_FALSE(life.wants_answer(at(1.9), {}));
  CHECK(life.judge(at(2), Duration::seconds(1), patience) == Verdict::waiting);
  CHECK(*life.proven_until() == at(2) - Duration{1});
  CHECK_FALSE(life.wants_answer(at(2), Duration::seconds(1)));  // REST may lag by a second
  CHECK(life.wants_answer(at(2) + Duration::seconds(1), Duration::seconds(1)));
  CHECK(life.judge(at(2.4), Duration::seconds(32), patience) == Verdict::overdue);
  double asked = 2;
  for (const double holds : {1.0, 2.0, 4.0, 8.0, 15.0, 15.0}) {
    life.answered(at(asked + 0.02), false);
    CHECK(life.silence_proven());
    CHECK(life.judge(at(asked + holds) - Duration{1}, Duration::hours(1), patience) == Verdict::proven);
    CHECK(life.judge(at(asked + holds), Duration::hours(1), patience) == Verdict::waiting);
    asked += holds;
  }
  life.heard(at(asked));
  CHECK_FALSE(life.silence_proven());
  CHECK(life.judge(at(asked + 2), Duration::hours(1), patience) == Verdict::waiting);  // a new stretch
  life.answered(at(asked + 2), true);
  life.answered(at(asked + 3), true);
  CHECK(life.judge(at(asked + 4), Duration::hours(1), patience) == Verdict::waiting);  // closely: a minute, always
}

TEST_CASE("life: a doubt takes every proof away until the next sign or answer") {
  LifeProof life;
  life.heard(at(0.2));
  life.doubt();
  CHECK_FALSE(life.proven_until().has_value());
  CHECK(life.judge(at(0.3), {}, patience) == Verdict::waiting);
  CHECK(life.wants_answer(at(0.3), {}));
  life.unanswered({});
  CHECK_FALSE(life.wants_answer(at(0.3), Duration::seconds(1)));
  CHECK(life.wants_answer(at(0.3), Duration::seconds(20)));
  life.answered(at(0.4), false);
  CHECK(life.judge(at(0.5), {}, patience) == Verdict::proven);
  life.doubt();
  life.heard(at(0.6));
  CHECK(life.judge(at(0.7), {}, patience) == Verdict::proven);
}

TEST_CASE("life: a page says that there is nothing more only where it ends with the last trade that is here") {
  const LastKnown last{10, trade_of(10).time};
  const auto verdict = [&](const TradesPage& page) { return read_behind(kraken(), last, page).verdict; };
  CHECK(verdict(page_of({trade_of(10)})) == LifePage::Verdict::nothing_more);
  CHECK(verdict(page_of({trade_of(9), trade_of(10)})) == LifePage::Verdict::nothing_more);
  CHECK(verdict(page_of({})) == LifePage::Verdict::unclear);  // REST lags, or does not know our trade
  CHECK(verdict(page_of({trade_of(9)})) == LifePage::Verdict::unclear);
  CHECK(verdict(page_of({trade_of(10), trade_of(11), trade_of(12)})) == LifePage::Verdict::more);
  CHECK(read_behind(kraken(), last, page_of({trade_of(12), trade_of(11)})).trade.id == 11);
  TradesPage unreadable = page_of({trade_of(10)});
  unreadable.bad_rows = 1;
  CHECK(verdict(unreadable) == LifePage::Verdict::unclear);
  TradesPage full = page_of({trade_of(10)});
  full.rows = kraken().page_rows_max;
  CHECK(verdict(full) == LifePage::Verdict::unclear);
  CHECK(verdict(page_of({trade_of(10), trade_of(3, last.time + minute)})) == LifePage::Verdict::foreign);
  const LastKnown never{{}, test_epoch};
  CHECK(read_behind(kraken(), never, page_of({})).verdict == LifePage::Verdict::nothing_more);
  CHECK(read_behind(kraken(), never, page_of({trade_of(1)})).verdict == LifePage::Verdict::more);
  CHECK(ask_behind(kraken(), last).since < last.time);
}

TEST_CASE("a repeat is told from a contradiction, for any repeat and any contradiction") {
  for (unsigned seed = 1; seed <= 1000; ++seed) {
    std::mt19937_64 random(seed);
    RecentTrades recent;
    const std::int64_t first = static_cast<std::int64_t>(random() % 5'000'000'000);
    recent.start_behind(first, test_epoch);
    std::vector<Trade> passed;
    Timestamp time = test_epoch;
    for (int i = 1; i <= 600; ++i) {
      time = time + Duration::milliseconds(static_cast<std::int64_t>(random() % 20'000));
      passed.push_back(trade_of(first + i, time - Duration::milliseconds(static_cast<std::int64_t>(random() % 2'000))));
      recent.passed(passed.back());
    }
    INFO("seed " << seed);
    for (int i = 0; i < 20; ++i) {
      const std::size_t back = random() % passed.size();
      Trade again = passed[passed.size() - 1 - back];
      CHECK(recent.judge(again) == (back < 256 ? RecentTrades::Verdict::repeat : RecentTrades::Verdict::old));
      again.time = floor_to(again.time, Duration::milliseconds(1));  // as the stream cuts it
      CHECK(recent.judge(again) != RecentTrades::Verdict::foreign);
      Trade other = passed[passed.size() - 1 - random() % 256];
      if (random() % 2 == 0)
        other.price = Price::from_units(7);
      else
        other.quantity = Quantity::from_units(7);
      CHECK(recent.judge(other) == RecentTrades::Verdict::foreign);
      const Trade alien = trade_of(static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(first + 1)),
                                   time + Duration::seconds(6 + static_cast<std::int64_t>(random() % 100'000)));
      CHECK(recent.judge(alien) == RecentTrades::Verdict::foreign);
    }
  }
}

}  // namespace candled::ingest
