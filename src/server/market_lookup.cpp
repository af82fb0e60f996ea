#include "server/market_lookup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace candled::server {
namespace {

std::string dashed(std::string text) {
  std::ranges::replace(text, '/', '-');
  return text;
}

}  // namespace

std::expected<std::string, Response> find_market(const MarketTable& markets, std::string_view text) {
  const std::string wanted = dashed(std::string(text));
  std::vector<std::string> all, found;
  for (const Market& market : markets) {
    all.push_back(market.name());
    if (wanted == dashed(market.symbol) || wanted == dashed(market.name())) found.push_back(market.name());
  }
  if (found.empty()) {
    return std::unexpected(
        error_response(404, fmt::format("unknown market '{}': there are {}", text, fmt::join(all, ", "))));
  }
  if (found.size() > 1) {
    return std::unexpected(
        error_response(400, fmt::format("'{}' names several markets: {}", text, fmt::join(found, ", "))));
  }
  return found.front();
}

}  // namespace candled::server
