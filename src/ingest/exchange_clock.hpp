// ExchangeClock: what time it is at the exchange, from the proofs that reach us. Pure: the local monotonic clock is an argument.
//
// Two proofs give a time that the exchange's clock has certainly passed: the answer to its Time call (whole seconds, cut; the
// clock stood there at the latest when the answer arrived) and the stamp of a trade (it was stamped before it arrived). From
// the best proof the estimate runs on at the market's rate less what a quartz may be wrong, so it can lag, and never leads.
// The Time answer also proves an upper bound, which absurd stamps are measured against.
#pragma once

#include <algorithm>
#include <optional>

#include "candled/domain/time.hpp"

namespace candled::ingest {

class ExchangeClock {
 public:
  // rate: seconds of the exchange's clock per second of ours.
  explicit ExchangeClock(double rate) : rate_(rate) {}

  // The Time call was sent and answered at these local times; `server` is cut to whole `granularity`.
  void answered(Timestamp server, Duration sent, Duration received, Duration granularity = Duration::seconds(1));
  // A stamp of the exchange arrived.
  void saw(Timestamp stamp, Duration local);

  // The latest time that is proven to have passed at the exchange; nothing before the first proof.
  std::optional<Timestamp> passed(Duration local) const;
  // A Time answer has come.
  bool known() const { return upper_.has_value(); }
  // The exchange's clock cannot be later than this; nothing before the first Time answer.
  std::optional<Timestamp> latest_possible(Duration local) const;
  // Stamps beyond this are further ahead of latest_possible() than any honest disorder; without a Time answer, no limit.
  Timestamp believable_until(Duration local) const;
  // No stamp beyond this is followed, whatever else speaks for it: a day after now by our own wall clock,
  // or what Time covers where that is later.
  Timestamp possible_until(Duration local, Timestamp wall) const;

  // The last Time answer was more than a minute beyond what the one before it and the rate allow: a simulation as fast as it can. There
  // stamps run ahead of every answer, and are followed.
  bool runs_ahead() const { return runs_ahead_; }
  // The limit of both that a stamp is measured against.
  Timestamp stamp_limit(Duration local, Timestamp wall) const {
    const Timestamp possible = possible_until(local, wall);
    return runs_ahead_ ? possible : std::min(possible, believable_until(local));
  }
  // Local time of the last Time answer; nothing before the first.
  std::optional<Duration> answered_at() const { return answered_at_; }

  double rate() const { return rate_; }
  // A span of our time as a span of the exchange's.
  Duration scaled(Duration ours) const;

 private:
  struct Anchor {
    Timestamp exchange;
    Duration local;
  };
  Timestamp run_on(const Anchor& anchor, Duration local, double drift) const;

  double rate_;
  std::optional<Anchor> lower_;
  std::optional<Anchor> upper_;
  std::optional<Duration> answered_at_;
  bool runs_ahead_ = false;
};

}  // namespace candled::ingest
