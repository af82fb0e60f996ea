#include "cli/made_ids.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <optional>
#include <utility>

#include "candled/domain/made_id.hpp"
#include "candled/domain/trade_content.hpp"

namespace candled::cli {
namespace {

// A stamp fits another one up to a second away, and an id can stand as far behind its time.
constexpr Duration reach = Duration::seconds(2);
// Times rise with ids but for neighbours: what this import brings with ids meanwhile must not be read as stored.
constexpr Duration ahead = Duration::seconds(10);
constexpr std::size_t page_trades_min = 2'000, page_trades_max = 40'000;
constexpr Duration page_least = Duration::seconds(20), page_most = Duration::hours(6);

bool has(const std::vector<std::uint32_t>& files, std::uint32_t file) {
  return std::ranges::find(files, file) != files.end();
}

}  // namespace

void MadeIds::Around::add(Seen seen) {
  const PricedQuantity amount = priced_quantity_of(seen.trade);
  trades.push_back(std::move(seen));
  by_amount[amount].push_back(&trades.back());
}

template <class Visit>
void MadeIds::Around::drop_before(Timestamp time, Visit visit) {
  while (!trades.empty() && trades.front().trade.time < time) {
    const Trade& trade = trades.front().trade;
    const auto same = by_amount.find(priced_quantity_of(trade));
    same->second.pop_front();
    if (same->second.empty()) by_amount.erase(same);
    visit(trade);
    trades.pop_front();
  }
}

MadeIds::MadeIds(const store::Reader& reader, const Market& market)
    : reader_(reader), market_(market), page_(Duration::minutes(1)) {
  const store::StoredCursor cursor = reader.cursor(market.id);
  if (cursor.last_trade_id) last_stored_ = cursor.last_trade_time + ahead;
  if (cursor.last_made) last_stored_ = std::max(last_stored_, cursor.last_made->time + ahead);
}

// Short reads, so that the write-ahead log can be truncated.
void MadeIds::move_to(Timestamp time) {
  const Timestamp oldest = time - reach;
  made_.drop_before(oldest, [&](const Trade& trade) { taken_.erase(trade.id); });
  own_.drop_before(oldest, [](const Trade&) {});
  loaded_to_ = std::max(loaded_to_, oldest);
  while (loaded_to_ < time + ahead && loaded_to_ <= last_stored_) {
    const std::vector<Trade> found = reader_.trades_between(market_.id, loaded_to_, loaded_to_ + page_);
    for (const Trade& trade : found) {
      if (trade.id < 0) taken_.insert(trade.id);
      (trade.id < 0 ? made_ : own_).add({trade});
    }
    loaded_to_ = loaded_to_ + page_;
    if (found.size() < page_trades_min) page_ = std::min(page_ * 2, page_most);
    if (found.size() > page_trades_max) page_ = std::max(Duration{page_.ns / 2}, page_least);
  }
}

MadeIds::Seen* MadeIds::find_same(const Row& row) {
  const auto found = made_.by_amount.find(priced_quantity_of(row.trade));
  if (found == made_.by_amount.end()) return nullptr;
  for (Seen* seen : found->second) {
    const bool same = content_of(seen->trade) == content_of(row.trade);
    if (same && !has(seen->files, row.file)) return seen;
  }
  return nullptr;
}

// The one whose stamp fits best.
MadeIds::Seen* MadeIds::find_stamp(Around& around, const Row& row, bool with_id) {
  const auto found = around.by_amount.find(priced_quantity_of(row.trade));
  if (found == around.by_amount.end()) return nullptr;
  std::optional<StampFit> best;
  Seen* twin = nullptr;
  for (Seen* seen : found->second) {
    if (!sides_agree(seen->trade.side, row.trade.side) || has(seen->files, row.file)) continue;
    const std::optional<StampFit> fit =
        with_id ? twin_fit(row.trade.time, seen->trade.time) : mutual_fit(row.trade.time, seen->trade.time);
    if (!fit || (best && *fit >= *best)) continue;
    best = fit;
    twin = seen;
  }
  return twin;
}

void MadeIds::note_begun(const std::vector<Row>& group) {
  for (const Row& row : group) {
    if (row.file >= begun_.size()) begun_.resize(row.file + 1, false);
    begun_[row.file] = true;
  }
}

// How many of the new ones at the beginning of a group belong in front of what is stored of its stamp: those in front of the first that is
// stored; or all that a file ends with, where what is stored of the stamp is none of it.
std::size_t MadeIds::count_in_front(const std::vector<Row>& group, const std::vector<Seen*>& same, bool last) const {
  std::size_t count = 0;
  while (count < group.size() && same[count] == nullptr) ++count;
  if (count < group.size()) return count;
  return last && std::ranges::all_of(group, [&](const Row& row) { return goes_on(row.file); }) ? count : 0;
}

// The first of so many free ids right in front of what is stored of the stamp, if there is anything.
std::optional<std::int64_t> MadeIds::ids_in_front(Timestamp stamp, std::size_t count) const {
  std::optional<std::int64_t> lowest;
  for (const Seen& seen : made_.trades) {
    if (seen.trade.time == stamp && !seen.is_new) lowest = std::min(lowest.value_or(seen.trade.id), seen.trade.id);
  }
  if (!lowest) return std::nullopt;
  const std::int64_t first = *lowest - static_cast<std::int64_t>(count);
  if (first <= given_to_) return std::nullopt;
  for (std::int64_t id = first; id < *lowest; ++id) {
    if (taken_.contains(id)) return std::nullopt;
  }
  return first;
}

// Rising, for the new ones of a group.
std::vector<std::int64_t> MadeIds::free_ids(const std::vector<Row>& group, const std::vector<std::size_t>& fresh,
                                            std::int64_t base, std::int64_t given_before) const {
  std::vector<std::int64_t> ids;
  std::unordered_set<std::int64_t> given;
  std::int64_t free = std::max(base, given_before + 1);
  for (const std::size_t at : fresh) {
    std::int64_t id = group[at].trade.id;
    if (id <= given_before || taken_.contains(id) || given.contains(id)) {
      while (taken_.contains(free) || given.contains(free)) ++free;
      id = free;
    }
    given.insert(id);
    ids.push_back(id);
  }
  std::ranges::sort(ids);
  return ids;
}

std::vector<MadeIds::Settled> MadeIds::settle(const std::vector<Row>& given, bool last) {
  const Timestamp stamp = given.front().trade.time;
  move_to(stamp);
  // Of files that were cut in this stamp, the one that goes on has the earlier part.
  std::vector<Row> group = given;
  std::ranges::stable_partition(group, [&](const Row& row) { return goes_on(row.file); });
  const std::int64_t base = made_id_from(stamp), given_before = given_to_;
  std::vector<Seen*> same(group.size(), nullptr);
  std::vector<Settled> settled;
  settled.reserve(group.size());
  const auto take = [&](std::size_t at, Seen* seen, Stored stored) {
    if (seen == nullptr) return;
    same[at] = seen;
    seen->files.push_back(group[at].file);
    settled.push_back({stored == Stored::without_id ? seen->trade : group[at].trade, stored});
  };
  for (std::size_t i = 0; i < group.size(); ++i) take(i, find_same(group[i]), Stored::without_id);
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (same[i] == nullptr) take(i, find_stamp(made_, group[i], false), Stored::without_id);
    if (same[i] == nullptr) take(i, find_stamp(own_, group[i], true), Stored::with_id);
  }
  std::vector<std::size_t> fresh;
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (same[i] == nullptr) fresh.push_back(i);
  }
  const std::size_t in_front = count_in_front(group, same, last);
  const std::optional<std::int64_t> first = in_front > 0 ? ids_in_front(stamp, in_front) : std::nullopt;
  std::vector<std::int64_t> ids;
  for (std::size_t i = 0; first && i < in_front; ++i) ids.push_back(*first + static_cast<std::int64_t>(i));
  const std::vector<std::size_t> behind(fresh.begin() + static_cast<std::ptrdiff_t>(ids.size()), fresh.end());
  std::ranges::copy(free_ids(group, behind, base, given_before), std::back_inserter(ids));
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    // Another file has just brought the same one, with its side or without.
    if (Seen* twin = find_stamp(made_, group[fresh[i]], false)) {
      take(fresh[i], twin, Stored::without_id);
      continue;
    }
    Trade trade = group[fresh[i]].trade;
    trade.id = ids[i];
    taken_.insert(trade.id);
    made_.add({trade, {group[fresh[i]].file}, true});
    if (trade.id < base + made_id_reach.ns) given_to_ = std::max(given_to_, trade.id);
    settled.push_back({trade, Stored::no});
  }
  note_begun(group);
  std::ranges::sort(settled, {}, [](const Settled& one) { return one.trade.id; });
  return settled;
}

}  // namespace candled::cli
