// nearest: the valid word that a misspelt one was probably meant to be.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace candled::config {

// Insertions, deletions, replacements and swaps of neighbours that turn a into b, upper and lower case being the same.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The candidate with the least distance (the first of equals), if it is near enough to be worth a suggestion.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates);

// "did you mean 'grace'?" or, when nothing is near, "valid here: grace, interval".
std::string suggestion(std::string_view word, std::span<const std::string> candidates);

}  // namespace candled::config
