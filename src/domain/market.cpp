#include "candled/domain/market.hpp"

#include <algorithm>

namespace candled {
namespace {

bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= 32 && std::ranges::all_of(text, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
  });
}

}  // namespace

Result<MarketName> parse_market_name(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::size_t slash = text.find('/');
  if (colon != std::string_view::npos && slash != std::string_view::npos && colon < slash) {
    const std::string_view exchange = text.substr(0, colon);
    const std::string_view base = text.substr(colon + 1, slash - colon - 1);
    const std::string_view quote = text.substr(slash + 1);
    if (is_word(exchange) && is_word(base) && is_word(quote)) {
      return MarketName{std::string(exchange), std::string(text.substr(colon + 1))};
    }
  }
  return refuse("not a market: '" + std::string(text.substr(0, 80)) +
                "' (write exchange:BASE/QUOTE, such as kraken:BTC/USD)");
}

}  // namespace candled
