#include "candled/ingest/feed_statistics.hpp"

#include <algorithm>

#include "candled/domain/result.hpp"

namespace candled::ingest {
namespace {

std::vector<std::string> exchanges_of(const MarketTable& table) {
  std::vector<std::string> names;
  for (const Market& market : table) {
    if (std::ranges::find(names, market.exchange) == names.end()) names.push_back(market.exchange);
  }
  return names;
}

}  // namespace

FeedStatistics::FeedStatistics(const MarketTable& table)
    : markets(table.size()), exchanges(exchanges_of(table).size()) {
  const std::vector<std::string> names = exchanges_of(table);
  for (std::size_t i = 0; i < names.size(); ++i) exchanges[i].name = names[i];
}

ExchangeStatistics& FeedStatistics::of(std::string_view exchange) {
  const auto found = std::ranges::find(exchanges, exchange, &ExchangeStatistics::name);
  if (found == exchanges.end()) invariant_failed("statistics of an exchange without a market");
  return *found;
}

std::int64_t FeedStatistics::total(flow::Counter ExchangeStatistics::* counter) const {
  std::int64_t sum = 0;
  for (const ExchangeStatistics& exchange : exchanges) sum += (exchange.*counter).value();
  return sum;
}

std::int64_t FeedStatistics::last_frame_ns() const {
  std::int64_t newest = 0;
  for (const ExchangeStatistics& exchange : exchanges) newest = std::max(newest, exchange.last_frame_ns.value());
  return newest;
}

}  // namespace candled::ingest
