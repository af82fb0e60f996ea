#include "simulator/book_maker.hpp"

#include <algorithm>
#include <cmath>

#include "simulator/random.hpp"

namespace candled::simulator {
namespace {

constexpr double level_share = 0.38;                      // of the prices behind the best one
constexpr std::uint64_t life_min = 12, life_spread = 30;  // trades for which a level stands as it is
constexpr double usual_sum = 2'000;                       // quote currency in one level
constexpr std::int64_t spread_ticks_max = 4;
constexpr std::size_t steps_per_level_max = 40;  // a side ends where prices do

}  // namespace

BookMaker::BookMaker(const Instrument& instrument, std::uint64_t seed)
    : seed_(seed_for(seed, instrument.symbol)), instrument_(instrument) {}

std::vector<ShownLevel> BookMaker::side(std::int64_t best, std::int64_t away, const Trade& last,
                                        std::size_t depth) const {
  std::vector<ShownLevel> levels;
  const auto trade = static_cast<std::uint64_t>(last.id);
  const double price = last.price.to_double();
  for (std::size_t step = 0; levels.size() < depth && step < depth * steps_per_level_max; ++step) {
    const std::int64_t tick = best + away * static_cast<std::int64_t>(step);
    if (tick < 1) break;
    const std::uint64_t own = Random(seed_ ^ static_cast<std::uint64_t>(tick)).bits();
    const std::uint64_t life = life_min + own % life_spread;
    const std::uint64_t throws =
        step == 0 ? trade : (trade + (own >> 32) % life) / life;  // the best level is traded against
    Random random_source(own ^ (throws * 0x2545F4914F6CDD1DULL));
    if (!random_source.chance(level_share) && step > 0) continue;
    const double quantity =
        usual_sum * std::exp(1.2 * random_source.normal()) / price * static_cast<double>(Quantity::scale);
    const double step_units = std::pow(10.0, Quantity::decimals - instrument_.quantity_decimals);
    const auto steps = static_cast<std::int64_t>(std::clamp(quantity / step_units, 1.0, 1e15));
    levels.push_back({tick, Quantity::of({steps, instrument_.quantity_decimals}).value_or(Quantity::from_units(1))});
  }
  return levels;
}

BookView BookMaker::view(const Trade& last, std::size_t depth) const {
  const std::int64_t at = std::max<std::int64_t>(1, instrument_.ticks_of(last.price));
  const auto id = static_cast<std::uint64_t>(last.id);
  const std::int64_t spread = 1 + static_cast<std::int64_t>(Random(seed_ ^ (id / 5)).bits() % spread_ticks_max);
  const std::int64_t bid = last.side == Side::buy ? std::max<std::int64_t>(1, at - spread) : at;
  const std::int64_t ask = last.side == Side::buy ? std::max(at, bid + 1) : at + spread;
  return {side(bid, -1, last, depth), side(ask, 1, last, depth)};
}

}  // namespace candled::simulator
