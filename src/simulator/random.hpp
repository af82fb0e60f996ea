// Random: a small seeded generator whose numbers are the same everywhere (the standard distributions are not).
#pragma once

#include <cmath>
#include <cstdint>
#include <string_view>

namespace candled::simulator {

// splitmix64, by Sebastiano Vigna (public domain).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t bits() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  // In [0, 1).
  double uniform() { return static_cast<double>(bits() >> 11) * 0x1p-53; }
  bool chance(double probability) { return uniform() < probability; }
  // Close to a standard normal: the sum of eight 16-bit uniforms, cut off at about 4.9 standard deviations.
  double normal() {
    std::uint64_t sum = 0;
    for (int i = 0; i < 2; ++i) {
      const std::uint64_t word = bits();
      sum += (word & 0xffff) + ((word >> 16) & 0xffff) + ((word >> 32) & 0xffff) + (word >> 48);
    }
    return (static_cast<double>(sum) / 65536.0 - 4.0 + 8.0 / 131072.0) * 1.2247448713915890;
  }

 private:
  std::uint64_t state_;
};

// FNV-1a: a market's own seed from the common one.
inline std::uint64_t seed_for(std::uint64_t seed, std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325ULL ^ seed;
  for (char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return hash;
}

}  // namespace candled::simulator
