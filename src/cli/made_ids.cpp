#include "cli/made_ids.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "candled/domain/trade_content.hpp"
#include "candled/files/import.hpp"

namespace candled::cli {
namespace {

constexpr std::int64_t trades_per_look = 20'000;
constexpr std::int64_t ids_of_a_microsecond = 1'000;
constexpr std::int64_t ids_of_a_second = 1'000'000'000;

}  // namespace

// False where no stored trade is at this place of ahead_.
bool MadeIds::is_more_behind(std::size_t at) {
  if (at == ahead_.size() && !all_seen_) {
    const std::vector<Trade> found = stored_.made_trades(market_, ahead_.back().id + 1, trades_per_look);
    all_seen_ = static_cast<std::int64_t>(found.size()) < trades_per_look;
    ahead_.insert(ahead_.end(), found.begin(), found.end());
  }
  return at < ahead_.size();
}

// Those with ids of this microsecond up to `reach`, those behind them without a free id between, and as many ids further as are taken.
std::vector<Trade> MadeIds::stored_from(std::int64_t base, std::int64_t reach) {
  while (at_ < ahead_.size() && ahead_[at_].id < base) ++at_;
  if (at_ == ahead_.size() && !all_seen_) {
    ahead_ = stored_.made_trades(market_, base, trades_per_look);
    at_ = 0;
    all_seen_ = static_cast<std::int64_t>(ahead_.size()) < trades_per_look;
  }
  std::vector<Trade> run;
  for (std::size_t at = at_; is_more_behind(at) && ahead_[at].id <= reach; ++at) {
    run.push_back(ahead_[at]);
    ++reach;
  }
  return run;
}

std::vector<MadeIds::Settled> MadeIds::settle(const std::vector<Trade>& group) {
  const std::int64_t base = files::made_id_from(group.front().time);
  std::unordered_map<TradeContent, std::vector<std::int64_t>, TradeContentHash> stored;  // ids, falling
  std::unordered_set<std::int64_t> taken;
  const std::int64_t given_before = given_to_;
  std::int64_t free = std::max(base, given_before + 1);
  // No new id is further away: so many places are needed.
  const auto size = static_cast<std::int64_t>(group.size());
  const std::int64_t furthest = std::max(std::min(group.back().id, base + ids_of_a_second), free + size);
  const std::vector<Trade> run = stored_from(base, std::max(furthest, base + ids_of_a_microsecond));
  for (auto trade = run.rbegin(); trade != run.rend(); ++trade) {
    taken.insert(trade->id);
    stored[content_of(*trade)].push_back(trade->id);
  }
  std::vector<Settled> settled;
  settled.reserve(group.size());
  for (const Trade& trade : group) {
    Settled& at = settled.emplace_back(trade);
    const auto same = stored.find(content_of(trade));
    if (same != stored.end() && !same->second.empty()) {
      at = {trade, true};
      at.trade.id = same->second.back();
      same->second.pop_back();
      continue;
    }
    if (at.trade.id <= given_before || taken.contains(at.trade.id)) {
      while (taken.contains(free)) ++free;
      at.trade.id = free;
    }
    taken.insert(at.trade.id);
    if (at.trade.id < base + ids_of_a_second) given_to_ = std::max(given_to_, at.trade.id);
  }
  std::ranges::sort(settled, {}, [](const Settled& one) { return one.trade.id; });
  return settled;
}

}  // namespace candled::cli
