#include "server/market_lookup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "server/json.hpp"

namespace candled::server {
namespace {

std::string dashed(std::string text) {
  std::ranges::replace(text, '/', '-');
  return text;
}

Response market_error(unsigned status, std::string_view message, const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ",") + json_text(name);
  return {status, fmt::format("{{\"error\":{},\"markets\":[{}]}}\n", json_text(message), list)};
}

}  // namespace

std::expected<std::string, Response> find_market(const MarketTable& markets, std::string_view text) {
  const std::string wanted = dashed(std::string(text));
  std::vector<std::string> all, found;
  for (const Market& market : markets) {
    all.push_back(market.name());
    if (wanted == dashed(market.symbol) || wanted == dashed(market.name())) found.push_back(market.name());
  }
  if (found.empty()) return std::unexpected(market_error(404, fmt::format("unknown market '{}'", text), all));
  if (found.size() > 1)
    return std::unexpected(market_error(400, fmt::format("'{}' names several markets", text), found));
  return found.front();
}

}  // namespace candled::server
