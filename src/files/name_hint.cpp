#include "files/name_hint.hpp"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <utility>
#include <vector>

#include "files/header_layout.hpp"
#include "files/pair_text.hpp"

namespace candled::files {
namespace {

// Words beside a currency that make no pair with it.
constexpr std::string_view words[] = {"ALL", "DATA", "SPOT", "TRADE", "OHLC", "OHLCV",
                                      "OKX", "HTX",  "CSV",  "KLINE", "IN",   "THE"};
// Files of Kraken's OHLCVT archive end in minutes; a year must not be taken for them.
constexpr std::int64_t kraken_minutes[] = {1, 5, 15, 30, 60, 240, 720, 1'440, 10'080, 21'600};

bool is_alnum(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool has_lower(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return c >= 'a' && c <= 'z'; });
}
bool has_upper(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}
bool is_mixed(std::string_view text) { return has_lower(text) && has_upper(text); }

std::vector<std::string_view> tokens_of(std::string_view part) {
  std::vector<std::string_view> tokens;
  for (std::size_t at = 0; at < part.size();) {
    std::size_t end = at;
    while (end < part.size() && is_alnum(part[end])) ++end;
    if (end > at) tokens.push_back(part.substr(at, end - at));
    at = end + 1;
  }
  return tokens;
}

bool is_one_of(std::string_view token, std::initializer_list<std::string_view> known) {
  return std::ranges::find(known, token) != known.end();
}

// "XXBTZUSD" as "BTCUSD"; empty for what is no pair. A word that ends like a currency has small letters, as a coin of one letter has not.
std::string pair_letters(std::string_view token) {
  if (is_mixed(token) || token.size() > 16) return {};
  const std::optional<Pair> pair = pair_of(token, "");
  if (!pair || std::ranges::all_of(pair->base, is_digit) || (pair->base.size() < 2 && has_lower(token))) return {};
  return pair->base + pair->quote;
}

// "BTC-USD" and "BTC_USD".
bool is_split_pair(std::string_view base, std::string_view quote) {
  return base.size() >= 2 && base.size() <= 5 && !std::ranges::all_of(base, is_digit) &&
         has_upper(base) == has_upper(quote) && !is_mixed(base) && !is_mixed(quote) && is_quote(asset_of(quote)) &&
         std::ranges::find(words, letters_of(base)) == std::end(words);
}

struct FoundPair {
  std::string letters;
  std::size_t end = 0;  // the token behind it
};

FoundPair pair_in(const std::vector<std::string_view>& tokens, const std::string& own) {
  FoundPair found;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const std::string both = i + 1 < tokens.size() ? letters_of(tokens[i]) + letters_of(tokens[i + 1]) : "";
    std::string letters = pair_letters(tokens[i]);
    if (!own.empty() && (letters == own || letters_of(tokens[i]) == own)) return {own, i + 1};
    if (!own.empty() && both == own) return {own, i + 2};
    if (!found.letters.empty()) continue;
    if (!letters.empty()) {
      found = {std::move(letters), i + 1};
    } else if (!both.empty() && is_split_pair(tokens[i], tokens[i + 1])) {
      found = {both, i + 2};
    }
  }
  return found;
}

// "1m", "4h", "1mo", "minute".
std::optional<Duration> interval_of(std::string_view token) {
  for (const auto& [word, interval] :
       {std::pair{"minute", Duration::minutes(1)}, std::pair{"hour", Duration::hours(1)},
        std::pair{"daily", Duration::days(1)}, std::pair{"second", Duration::seconds(1)}}) {
    if (token == word) return interval;
  }
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), count);
  const std::string_view unit(end, static_cast<std::size_t>(token.data() + token.size() - end));
  if (error != std::errc{} || count <= 0 || count > 1'000) return std::nullopt;
  if (unit == "s") return Duration::seconds(count);
  if (unit == "m" || unit == "min") return Duration::minutes(count);
  if (unit == "h" || unit == "H") return Duration::hours(count);
  if (unit == "d" || unit == "D") return Duration::days(count);
  if (unit == "w" || unit == "W") return Duration::days(7 * count);
  if (unit == "mo" || unit == "M") return Duration::days(30 * count);
  return std::nullopt;
}

std::optional<Duration> interval_in(const std::vector<std::string_view>& tokens, std::size_t behind_pair) {
  // A day of trades is no candle of a day.
  if (std::ranges::any_of(tokens, [](std::string_view token) { return token.find("rade") != std::string_view::npos; }))
    return std::nullopt;
  for (const std::string_view token : tokens) {
    if (const std::optional<Duration> interval = interval_of(token)) return interval;
  }
  if (behind_pair == 0 || behind_pair + 1 != tokens.size()) return std::nullopt;
  const std::string_view last = tokens.back();
  std::int64_t minutes = 0;
  const auto [end, error] = std::from_chars(last.data(), last.data() + last.size(), minutes);
  const bool is_kraken = error == std::errc{} && end == last.data() + last.size() &&
                         std::ranges::find(kraken_minutes, minutes) != std::end(kraken_minutes);
  return is_kraken ? std::optional(Duration::minutes(minutes)) : std::nullopt;
}

// Without the endings: "a.csv.gz" is "a".
std::string_view stem_of(std::string_view part) {
  for (;;) {
    const std::size_t dot = part.rfind('.');
    if (dot == std::string_view::npos || dot == 0) return part;
    if (!is_one_of(part.substr(dot), {".csv", ".txt", ".zip", ".gz", ".tgz", ".tar", ".zst", ".CSV", ".ZIP"}))
      return part;
    part = part.substr(0, dot);
  }
}

}  // namespace

NameHint hint_of(std::string_view path, std::string_view symbol) {
  const std::string own = letters_of(symbol);
  NameHint hint;
  while (!path.empty()) {
    const std::size_t slash = path.rfind('/');
    const std::string_view part = slash == std::string_view::npos ? path : path.substr(slash + 1);
    path = slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
    const std::vector<std::string_view> tokens = tokens_of(stem_of(part));
    FoundPair pair = pair_in(tokens, own);
    if (!hint.interval) hint.interval = interval_in(tokens, pair.end);
    if (hint.pair.empty()) hint.pair = std::move(pair.letters);
  }
  return hint;
}

std::string to_text(const NameHint& hint) {
  const std::string interval = hint.interval ? candled::to_text(*hint.interval) : "";
  return hint.pair + (!hint.pair.empty() && !interval.empty() ? " " : "") + interval;
}

}  // namespace candled::files
