#include "config/nearest.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

#include <fmt/format.h>

namespace candled::config {
namespace {

constexpr std::size_t compared_letters_max = 64;  // a longer word is no misspelt key; keeps hostile keys cheap

bool same_letter(char a, char b) {
  return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
}

bool near_enough(std::string_view word, std::string_view candidate, std::size_t distance) {
  if (distance <= std::max<std::size_t>(2, std::min(word.size(), candidate.size()) / 2)) return true;
  // "balance" for "starting_balance"
  return word.size() >= 4 &&
         (candidate.find(word) != std::string_view::npos || word.find(candidate) != std::string_view::npos);
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  // Row i holds the distances of the first i letters of a to every beginning of b.
  std::vector<std::size_t> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(before_last, last);
    std::swap(last, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (same_letter(a[i - 1], b[j - 1]) ? 0 : 1);
      row[j] = std::min({replaced, last[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) && same_letter(a[i - 2], b[j - 1])) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
  }
  return row[b.size()];
}

std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates) {
  if (word.size() > compared_letters_max) return std::nullopt;
  const std::string* best = nullptr;
  std::size_t best_distance = 0;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    if (!near_enough(word, candidate, distance) || (best && distance >= best_distance)) continue;
    best = &candidate;
    best_distance = distance;
  }
  return best ? std::optional(*best) : std::nullopt;
}

std::string suggestion(std::string_view word, std::span<const std::string> candidates) {
  if (std::optional<std::string> near = nearest(word, candidates)) return fmt::format("did you mean '{}'?", *near);
  return fmt::format("valid here: {}", fmt::join(candidates, ", "));
}

}  // namespace candled::config
