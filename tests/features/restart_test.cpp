// A feature set that was saved and loaded goes on bit for bit; anything else that is offered as a state is refused.

#include <catch2/catch.hpp>

#include <cstring>

#include "candled/features/feature_set.hpp"
#include "features/series.hpp"

namespace candled::features {
namespace {

using namespace testing;

std::string saved(const FeatureSet& features) {
  StateWriter writer;
  features.save(writer);
  return writer.take();
}

bool same_bits(std::span<const double> a, std::span<const double> b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size_bytes()) == 0);
}

// Whether rows after a restart at the cut are those of a run that went on.
void check_restart(const std::vector<Candle>& candles, std::size_t cut) {
  FeatureSet uninterrupted(Duration::minutes(1));
  for (std::size_t i = 0; i < cut; ++i) uninterrupted.update(candles[i]);
  const std::string state = saved(uninterrupted);
  FeatureSet restarted(Duration::minutes(1));
  StateReader reader(state);
  REQUIRE(restarted.load(reader).has_value());
  CHECK(reader.at_end());
  std::size_t different = 0;
  for (std::size_t i = cut; i < cut + 500; ++i) {
    if (!same_bits(uninterrupted.update(candles[i]), restarted.update(candles[i]))) ++different;
  }
  INFO("cut at " << cut);
  CHECK(different == 0);
  CHECK(saved(uninterrupted) == saved(restarted));
}

TEST_CASE("rows after a restart are those of an uninterrupted run") {
  for (const double quiet_share : {0.05, 0.97}) {
    const std::vector<Candle> candles = made_market(1200, 1, {.quiet_share = quiet_share, .gap_share = 0.01});
    Random random(2);
    for (const std::size_t cut : {std::size_t{0}, std::size_t{5}, std::size_t{25}}) check_restart(candles, cut);
    for (int attempt = 0; attempt < 10; ++attempt) check_restart(candles, random.below(700));
    std::size_t behind_gaps = 0;
    for (std::size_t i = 1; i < 700; ++i) {
      if (candles[i - 1].state != CandleState::gap) continue;
      check_restart(candles, i);
      ++behind_gaps;
    }
    CHECK(behind_gaps > 0);
  }
}

TEST_CASE("a state that is cut, damaged or of another list is refused and changes nothing") {
  const std::vector<Candle> candles = made_market(200, 3);
  FeatureSet features(Duration::minutes(1));
  for (const Candle& candle : candles) features.update(candle);
  const std::string state = saved(features);

  FeatureSet victim(Duration::minutes(1));
  victim.update(candles[0]);
  const std::string before = saved(victim);
  const auto refused = [&](FeatureSet& target, const std::string& bytes) {
    StateReader reader(bytes);
    const Result<void> result = target.load(reader);
    return !result && result.error().remedy == Remedy::refuse && !result.error().message.empty();
  };
  CHECK(refused(victim, ""));
  Random random(4);
  for (int attempt = 0; attempt < 200; ++attempt) {
    CHECK(refused(victim, state.substr(0, random.below(state.size()))));
    std::string damaged = state;
    const std::size_t position = random.below(damaged.size());
    damaged[position] = static_cast<char>(damaged[position] ^ static_cast<char>(1U << random.below(8)));
    CHECK(refused(victim, damaged));
  }
  CHECK(saved(victim) == before);

  FeatureSet other(Duration::minutes(5));
  CHECK(refused(other, state));
}

}  // namespace
}  // namespace candled::features
