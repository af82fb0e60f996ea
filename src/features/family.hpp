// A family of features: how its names look, what they mean and how they are read from the indicators. The catalogue is
// all families; a feature is a family with parameters, named by its pattern: "bb_width_N_K" and 20, 2 make "bb_width_20_2".
#pragma once

#include <cstddef>
#include <new>
#include <string>
#include <type_traits>
#include <vector>

#include "candled/features/bar.hpp"
#include "candled/features/catalogue.hpp"
#include "features/indicator_pool.hpp"

namespace candled::features {

// Reads one number of a row; the indicators are up to date with the bar. A lambda of a few references, kept in place:
// a row is one indirect call a feature and touches no heap.
class Column {
 public:
  template <class Read>
  Column(Read read) : call_([](const void* kept, const Bar& bar) { return (*static_cast<const Read*>(kept))(bar); }) {
    static_assert(std::is_trivially_copyable_v<Read> && sizeof(Read) <= sizeof(kept_) &&
                  alignof(Read) <= alignof(Column));
    new (kept_) Read(read);
  }
  double operator()(const Bar& bar) const { return call_(kept_, bar); }

 private:
  double (*call_)(const void*, const Bar&);
  alignas(8) std::byte kept_[40];
};

using Pool = IndicatorPool;
using P = Parameters;

struct Family {
  // Words in capitals are parameters: K a width in deviations, STEP and LIMIT shares written without their point (002
  // is 0.02), all others numbers of candles.
  std::string pattern;
  Parameters usual;
  std::string unit;
  std::string formula;  // in the names of the pattern
  std::string source;
  Need needs = Need::candles;
  int (*warm_up_candles)(const P&) = nullptr;
  Column (*make)(Pool&, const P&) = nullptr;
  // Not empty: carries a price or a volume with it, so it is for charts; the pattern of its form for the model.
  std::string for_the_model = {};
  // What is wrong with parameters that are each in range; empty if nothing is.
  std::string (*check)(const P&) = nullptr;
  // Counts up when the formula gives other numbers under the same name; part of the hash of every list that has it.
  int version = 1;
};
using Families = std::vector<Family>;

// The catalogue, group by group.
Families average_families();
Families oscillator_families();
Families trend_families();
Families band_families();
Families volume_families();
Families flow_families();
Families book_families();
Families candle_families();
Families clock_families();
const Families& all_families();  // made once

// Warm-ups.
int at_once(const P&);
int full_window(const P&);      // N
int one_change_more(const P&);  // N + 1
int longest_window(const P&);
// Checks.
std::string rising(const P&);  // each below the next
std::string at_least_two(const P&);

// Most features are one number of one indicator: value_of<Rsi>, value_of<Macd, &Macd::line>.
template <class Indicator, auto Read = &Indicator::value>
Column value_of(Pool& pool, const P& p) {
  return [&indicator = pool.get<Indicator>(p)](const Bar&) { return (indicator.*Read)(); };
}
// A number of an indicator as a fraction of the close.
template <class Indicator, auto Read = &Indicator::value>
Column per_close(Pool& pool, const P& p) {
  return [&indicator = pool.get<Indicator>(p)](const Bar& bar) { return ratio((indicator.*Read)(), bar.close); };
}
// How far the close stands from an average price, as a fraction of it.
template <class Indicator, auto Read = &Indicator::value>
Column close_from(Pool& pool, const P& p) {
  return [&average = pool.get<Indicator>(p)](const Bar& bar) { return ratio(bar.close, (average.*Read)()) - 1; };
}

}  // namespace candled::features
