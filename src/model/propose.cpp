// A tree-structured Parzen estimator: parameters near those of the good trials and far from those of the others.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include "candled/model/overfitting.hpp"
#include "candled/model/tuning.hpp"
#include "model/arithmetic.hpp"

namespace candled::model {
namespace {

constexpr std::size_t spread_trials = 10;
constexpr std::size_t candidates = 24;
constexpr double good_share = 0.2;

// A place in the dimension, 0 to 1, and back.
double place_of(const Dimension& d, double value) {
  if (d.is_logarithmic) return std::log(value / d.low) / std::log(d.high / d.low);
  return (value - d.low) / (d.high - d.low);
}
double value_at(const Dimension& d, double place) {
  const double value = d.is_logarithmic ? d.low * std::pow(d.high / d.low, place) : d.low + place * (d.high - d.low);
  return std::clamp(d.is_whole ? std::round(value) : value, d.low, d.high);
}

// The n-th point of a sequence that fills the cube evenly: additive recurrence with powers of the generalized golden
// ratio (M. Roberts 2018).
double spread_place(std::size_t trial, std::size_t dimension, std::size_t dimensions, double offset) {
  double ratio = 2;
  for (int i = 0; i < 30; ++i) ratio = std::pow(1 + ratio, 1.0 / (static_cast<double>(dimensions) + 1));
  const double step = std::pow(1 / ratio, static_cast<double>(dimension) + 1);
  const double place = offset + step * static_cast<double>(trial + 1);
  return place - std::floor(place);
}

// A mixture of normal bumps at known places and one wide bump in the middle.
struct Bumps {
  std::vector<double> places, widths;
};

Bumps bumps_at(std::vector<double> places) {
  std::ranges::sort(places);
  Bumps bumps;
  const double narrowest = 1.0 / static_cast<double>(std::min<std::size_t>(100, places.size() + 2));
  for (std::size_t i = 0; i < places.size(); ++i) {
    const double before = i == 0 ? places[i] : places[i] - places[i - 1];
    const double after = i + 1 == places.size() ? 1 - places[i] : places[i + 1] - places[i];
    bumps.places.push_back(places[i]);
    bumps.widths.push_back(std::clamp(std::max(before, after), narrowest, 1.0));
  }
  bumps.places.push_back(0.5);
  bumps.widths.push_back(1.0);
  return bumps;
}

// Each bump is cut off at 0 and 1 and brought back to weight one.
double density(const Bumps& bumps, double place) {
  double sum = 0;
  for (std::size_t i = 0; i < bumps.places.size(); ++i) {
    const double z = (place - bumps.places[i]) / bumps.widths[i];
    const double inside = normal_distribution((1 - bumps.places[i]) / bumps.widths[i]) -
                          normal_distribution(-bumps.places[i] / bumps.widths[i]);
    sum += std::exp(-z * z / 2) / (bumps.widths[i] * inside);
  }
  return sum / static_cast<double>(bumps.places.size());
}

double drawn(const Bumps& bumps, std::mt19937_64& random) {
  const auto i = static_cast<std::size_t>(uniform_draw(random) * static_cast<double>(bumps.places.size()));
  for (int attempt = 0; attempt < 100; ++attempt) {
    // Box and Muller: the same with every library, unlike std::normal_distribution.
    const double radius = std::sqrt(-2 * std::log(1 - uniform_draw(random)));
    const double place =
        bumps.places[i] + bumps.widths[i] * radius * std::cos(2 * std::numbers::pi * uniform_draw(random));
    if (place >= 0 && place <= 1) return place;
  }
  return bumps.places[i];
}

// Known trials, the best first: complete ones by their loss, then those that were stopped, then failures.
std::vector<const Trial*> ranked(std::span<const Trial> trials) {
  std::vector<const Trial*> order;
  for (const Trial& trial : trials) order.push_back(&trial);
  std::ranges::stable_sort(order, [](const Trial* a, const Trial* b) {
    if (a->state != b->state) return a->state < b->state;
    return a->loss < b->loss;
  });
  return order;
}

std::vector<double> places_in(std::span<const Trial* const> trials, const Dimension& dimension) {
  std::vector<double> places;
  for (const Trial* trial : trials) {
    for (const Parameter& parameter : trial->parameters) {
      if (parameter.name == dimension.name)
        places.push_back(std::clamp(place_of(dimension, parameter.value), 0.0, 1.0));
    }
  }
  return places;
}

}  // namespace

std::vector<Parameter> propose(const TuningSettings& settings, std::span<const Trial> trials) {
  std::mt19937_64 random(settings.seed * 1'000'003 + trials.size());
  std::vector<Parameter> parameters;
  if (trials.size() < spread_trials) {
    std::mt19937_64 start(settings.seed);
    for (std::size_t i = 0; i < settings.space.size(); ++i) {
      const Dimension& d = settings.space[i];
      parameters.push_back(
          {d.name, value_at(d, spread_place(trials.size(), i, settings.space.size(), uniform_draw(start)))});
    }
    return parameters;
  }
  const std::vector<const Trial*> order = ranked(trials);
  const auto good = static_cast<std::size_t>(std::ceil(good_share * static_cast<double>(order.size())));
  for (const Dimension& d : settings.space) {
    const Bumps near = bumps_at(places_in(std::span(order).first(good), d));
    const Bumps far = bumps_at(places_in(std::span(order).subspan(good), d));
    double best = 0.5, highest = -1;
    for (std::size_t i = 0; i < candidates; ++i) {
      const double place = drawn(near, random);
      if (const double worth = density(near, place) / density(far, place); worth > highest) {
        highest = worth;
        best = place;
      }
    }
    parameters.push_back({d.name, value_at(d, best)});
  }
  return parameters;
}

}  // namespace candled::model
