#include "candled/files/identity_check.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace candled::files {
namespace {

// Neighbours may have changed places, and clocks are set.
constexpr Duration disorder_max = Duration::minutes(1);
// Files of whole seconds and of nanoseconds tell the same.
constexpr Duration precision = Duration::seconds(1);
// Fewer rows may all be wrong by themselves.
constexpr std::int64_t compared_min = 10;

std::string text_of(const Trade& trade) { return fmt::format("trade {} of {}", trade.id, to_iso8601(trade.time)); }

std::string values_of(const Trade& trade) {
  const char* side = trade.side == Side::buy ? ", buy" : trade.side == Side::sell ? ", sell" : "";
  return fmt::format("{} {} at {}{}", to_iso8601(trade.time), trade.quantity.to_text(), trade.price.to_text(), side);
}

bool contradict(const Trade& a, const Trade& b) {
  const Duration apart = a.time > b.time ? a.time - b.time : b.time - a.time;
  const bool other_side = a.side != b.side && a.side != Side::unknown && b.side != Side::unknown;
  return a.price != b.price || a.quantity != b.quantity || apart >= precision || other_side;
}

std::unexpected<Error> alien(const std::string& what) {
  return refuse(what +
                ": its ids are of another exchange or market, or its times are wrong. Nothing was imported: say with "
                "--market what the file is of");
}

}  // namespace

// How fast the stored ids count, seen over the last thousand in front of the file's place, or behind it.
void IdentityCheck::begin(const Trade& trade) {
  constexpr std::int64_t seen = 1'000;
  begun_ = true;
  before_ = stored_.before(trade.id);
  next_ = stored_.from(trade.id);
  std::optional<Trade> from = before_, to = before_;
  if (before_) {
    from = stored_.from(std::max<std::int64_t>(before_->id - seen, 0));
  } else if (next_) {
    from = next_;
    to = stored_.before(next_->id + seen);
  }
  if (from && to && to->time > from->time) {
    stored_per_second_ =
        static_cast<double>(to->id - from->id) / (static_cast<double>((to->time - from->time).ns) / 1e9);
  }
}

Result<void> IdentityCheck::add(const Trade& trade) {
  if (!begun_) begin(trade);
  while (next_ && next_->id < trade.id) {
    before_ = next_;
    next_ = stored_.from(next_->id + 1);
  }
  if (next_ && next_->id == trade.id) {
    compare(trade);
  } else if (Result<void> fits = check_between(trade); !fits) {
    return fits;
  }
  last_ = trade;
  return {};
}

void IdentityCheck::compare(const Trade& trade) {
  ++compared_;
  if (!contradict(trade, *next_)) return;
  if (contradictions_.rows++ == 0) {
    contradictions_.first =
        fmt::format("trade {}: stored is {}, here it is {}", trade.id, values_of(*next_), values_of(trade));
  }
}

Result<void> IdentityCheck::check_between(const Trade& trade) const {
  if (before_ && trade.time < before_->time - disorder_max)
    return alien(fmt::format("{} is older than stored {}", text_of(trade), text_of(*before_)));
  if (next_ && trade.time > next_->time + disorder_max)
    return alien(fmt::format("{} is younger than stored {}", text_of(trade), text_of(*next_)));
  const bool follows_stored = before_ && (!last_ || last_->id <= before_->id);
  if (follows_stored && is_leap(*before_, trade))
    return alien(fmt::format("{} is too far from stored {}", text_of(trade), text_of(*before_)));
  if (next_ && is_leap(trade, *next_))
    return alien(fmt::format("{} is too far from stored {}", text_of(trade), text_of(*next_)));
  return {};
}

// More ids between two times than the market can have had trades.
bool IdentityCheck::is_leap(const Trade& earlier, const Trade& later) const {
  constexpr std::int64_t missing_min = 1'000'000;
  constexpr double per_second_min = 100, usual_times = 100, per_second_anywhere = 1'000;
  const std::int64_t missing = later.id - earlier.id - 1;
  if (missing < missing_min) return false;
  const double seconds = std::max(static_cast<double>((later.time - earlier.time).ns) / 1e9, 1.0);
  const double believable =
      stored_per_second_ > 0 ? std::max(per_second_min, usual_times * stored_per_second_) : per_second_anywhere;
  return static_cast<double>(missing) / seconds > believable;
}

Result<void> IdentityCheck::finish() const {
  if (compared_ < compared_min || contradictions_.rows * 2 <= compared_) return {};
  return alien(fmt::format("{} of {} trades with stored ids say something else than what is stored; {}",
                           contradictions_.rows, compared_, contradictions_.first));
}

}  // namespace candled::files
