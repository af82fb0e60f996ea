// The state of a desk as bytes and back; what comes back is hostile until it is proven possible.
#include <algorithm>
#include <concepts>
#include <type_traits>

#include "trading/market_desk.hpp"

namespace candled::trading {
namespace {

constexpr Fraction whole = Fraction::basis_points(10'000);

// Field by field: the bytes between the fields of a struct are not part of its value.
template <class Archive, class Record>
  requires std::same_as<std::remove_const_t<Record>, OrderRecord>
void pass(Archive& archive, Record& record) {
  archive(record.decided_on), archive(record.active_from), archive(record.ended), archive(record.spend);
  archive(record.quantity), archive(record.limit), archive(record.filled), archive(record.number);
  archive(record.side), archive(record.reason), archive(record.end);
}

template <class Archive, class State>
  requires std::same_as<std::remove_const_t<State>, OptionsState>
void pass(Archive& archive, State& state) {
  archive(state.equity_peak), archive(state.price_peak), archive(state.last_fill), archive(state.stopped_at);
}

bool possible(const OptionsState& state) {
  return state.equity_peak >= Money{} && state.price_peak >= Price{} && state.stopped_at >= Fraction{} &&
         state.stopped_at <= whole;
}

bool possible(const OrderRecord& record) {
  return record.side <= Side::sell && record.reason <= FillReason::drawdown && record.end <= OrderEnd::beyond_numbers;
}

}  // namespace

void MarketDesk::save(StateWriter& out) const {
  out(last_close_), out(last_price_), out(book_), out(now_);
  move_.save(out);
  out(accounts_.size());
  for (std::size_t i = 0; i < accounts_.size(); ++i) {
    out(accounts_[i].name());
    pass(out, options_[i]);
    accounts_[i].save(out);
  }
  out(ended_.size());
  for (const OrderRecord& record : ended_) {
    out(accounts_[index_of(record.strategy)].name());
    pass(out, record);
  }
}

bool MarketDesk::read(StateReader& in) {
  in(last_close_), in(last_price_), in(book_), in(now_);
  if (!move_.load(in) || last_close_ < Price{} || last_price_ < Price{} || !book_.possible()) return false;
  std::size_t count = 0;
  in(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (!in.ok() || !read_account(in)) return false;
  }
  ended_.clear();
  ended_.reserve(ended_max());
  in(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (!in.ok() || !read_ended(in)) return false;
  }
  return in.ok();
}

bool MarketDesk::read_account(StateReader& in) {
  std::string name;
  OptionsState remembered;
  in(name);
  pass(in, remembered);
  const auto found = std::ranges::find(accounts_, name, &PaperAccount::name);
  PaperAccount gone({}, name, settings_);  // of a strategy that is no longer in the config
  if (!(found == accounts_.end() ? gone : *found).load(in) || !possible(remembered)) return false;
  if (found == accounts_.end()) return true;
  const auto index = static_cast<std::size_t>(found - accounts_.begin());
  // Another limit is a new beginning, of the highest equity too, or it would end at once.
  const bool again =
      remembered.stopped_at > Fraction{} && remembered.stopped_at != rules_[index].options.maximum_drawdown;
  if (again) remembered.stopped_at = {}, remembered.equity_peak = {};
  options_[index] = remembered;
  return true;
}

bool MarketDesk::read_ended(StateReader& in) {
  std::string name;
  OrderRecord record;
  in(name);
  pass(in, record);
  if (!in.ok() || !possible(record)) return false;
  const auto found = std::ranges::find(accounts_, name, &PaperAccount::name);
  if (found == accounts_.end()) return true;
  record.strategy = static_cast<StrategyId>(found - accounts_.begin());
  ended_.push_back(record);
  return true;
}

}  // namespace candled::trading
