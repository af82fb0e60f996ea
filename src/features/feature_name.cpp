#include "features/feature_name.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace candled::features {
namespace {

constexpr double period_max = 10'000;
constexpr double deviations_max = 100;
constexpr std::size_t name_letters_max = 128;

bool is_word(std::string_view token) { return token.front() >= 'A' && token.front() <= 'Z'; }
bool is_share(std::string_view word) { return word == "STEP" || word == "LIMIT"; }
bool is_deviations(std::string_view word) { return word == "K"; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::vector<std::string_view> tokens_of(std::string_view text) {
  std::vector<std::string_view> tokens;
  while (true) {
    const std::size_t end = text.find('_');
    tokens.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return tokens;
    text.remove_prefix(end + 1);
  }
}

// "20", "1.5", and for a share "002", which is 0.02. Whether it is in range is another question.
std::optional<double> number_of(std::string_view word, std::string_view token) {
  if (token.empty() || token.size() > 12 || !is_digit(token.front())) return std::nullopt;
  const std::string text =
      is_share(word) && token.front() == '0' ? fmt::format("0.{}", token.substr(1)) : std::string(token);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (!is_deviations(word) && !is_share(word) && text.find('.') != std::string::npos) return std::nullopt;
  return value;
}

std::string number_text(std::string_view word, double value) {
  std::string text = fmt::format("{}", value);
  if (is_share(word)) std::erase(text, '.');
  return text;
}

bool in_range(std::string_view word, double value) {
  if (is_share(word)) return value > 0 && value <= 1;
  if (is_deviations(word)) return value > 0 && value <= deviations_max;
  return value >= 1 && value <= period_max;
}

// The numbers of the name if it has the family's pattern.
std::optional<Parameters> numbers_in(const Family& family, const std::vector<std::string_view>& name) {
  if (!family.pattern.starts_with(name.front())) return std::nullopt;  // most differ in the first token already
  const std::vector<std::string_view> pattern = tokens_of(family.pattern);
  if (pattern.size() != name.size()) return std::nullopt;
  Parameters numbers;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (!is_word(pattern[i])) {
      if (pattern[i] != name[i]) return std::nullopt;
      continue;
    }
    const std::optional<double> number = number_of(pattern[i], name[i]);
    if (!number) return std::nullopt;
    numbers.push_back({*number});
  }
  return numbers;
}

// What is wrong with the parameters, or nothing.
std::string problem_with(const Family& family, const Parameters& parameters) {
  const std::vector<std::string_view> words = parameter_words(family);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!in_range(words[i], parameters[i].value)) {
      return fmt::format("{} is {}, outside {}", words[i], parameters[i].value, parameter_range(words[i]));
    }
  }
  return family.check ? family.check(parameters) : std::string();
}

// Insertions, deletions and replacements of letters that turn a into b.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

// The family's usual parameters, those that the text gives at its end put in their place if the family takes them.
Parameters parameters_like(const Family& family, const std::vector<std::string_view>& name) {
  const std::vector<std::string_view> words = parameter_words(family);
  Parameters given;
  for (std::string_view token : name) {
    if (given.size() == words.size()) break;
    if (const std::optional<double> number = number_of(words[given.size()], token)) given.push_back({*number});
  }
  const bool usable = given.size() == words.size() && problem_with(family, given).empty();
  return usable ? given : family.usual;
}

}  // namespace

std::vector<std::string_view> parameter_words(const Family& family) {
  std::vector<std::string_view> words = tokens_of(family.pattern);
  std::erase_if(words, [](std::string_view token) { return !is_word(token); });
  return words;
}

std::string parameter_range(std::string_view word) {
  if (is_share(word)) return "0 to 1, its point left out";
  if (is_deviations(word)) return fmt::format("0 to {}", deviations_max);
  return fmt::format("1 to {}", period_max);
}

std::string feature_name(const Family& family, const Parameters& parameters) {
  std::string name;
  auto next = parameters.begin();
  for (std::string_view token : tokens_of(family.pattern)) {
    if (!name.empty()) name += '_';
    name += is_word(token) ? number_text(token, (next++)->value) : std::string(token);
  }
  return name;
}

Result<NamedFeature> find_feature(std::string_view name) {
  if (name.size() > name_letters_max) return refuse("a feature's name has more than 128 letters");
  const std::vector<std::string_view> tokens = tokens_of(name);
  for (const Family& family : all_families()) {
    const std::optional<Parameters> numbers = numbers_in(family, tokens);
    if (!numbers) continue;
    if (const std::string problem = problem_with(family, *numbers); !problem.empty()) {
      return refuse(fmt::format("feature '{}': {}", name, problem));
    }
    // One feature, one name: "rsi_014" would be a second name of "rsi_14".
    if (feature_name(family, *numbers) != name) {
      return refuse(fmt::format("feature '{}' is written '{}'", name, feature_name(family, *numbers)));
    }
    return NamedFeature{&family, *numbers};
  }
  return refuse(fmt::format("unknown feature '{}'", name));
}

std::string nearest_for_the_model(std::string_view name) {
  const std::string_view start = name.substr(0, name_letters_max);
  const std::vector<std::string_view> tokens = tokens_of(start);
  std::string best;
  std::size_t best_distance = SIZE_MAX;
  for (const Family& family : all_families()) {
    const std::string candidate = feature_name(family, parameters_like(family, tokens));
    const std::size_t away = distance(start, candidate);
    if (!family.for_the_model.empty() || away >= best_distance) continue;
    best = candidate;
    best_distance = away;
  }
  return best;
}

}  // namespace candled::features
