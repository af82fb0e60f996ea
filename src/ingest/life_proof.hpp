// LifeProof: until when it is proven that the trades of one market still reach us. Pure: all times are arguments.
//
// A heartbeat proves a connection and not a subscription. A market's own trade, or its newest id as the exchange tells it, proves it alive
// to the end of the minute behind; before a minute without any sign may end as quiet, REST must have been asked. What it answers holds
// for 1, 2, 4, 8, 15, 15 ... minutes of the exchange's clock, as long as nothing is heard.
#pragma once

#include <cstddef>
#include <optional>

#include "candled/domain/time.hpp"

namespace candled::ingest {

class LifeProof {
 public:
  // A sign of the market's own, at this time of the exchange's clock: the stretch of silence ends.
  void heard(Timestamp at);
  // REST was asked not before `asked` by the exchange's clock, and it has nothing that is not here.
  // closely: the stream is not trusted, and the answer holds for a minute, however often it was asked.
  void answered(Timestamp asked, bool closely);
  // The answer says nothing: it is asked again after a while. now: the local clock.
  void unanswered(Duration now) { not_before_ = now + ask_again; }
  // Something came that could not be read, and may have been a trade: nothing is proven until the next sign or answer.
  void doubt() { doubted_ = true; }

  enum class Verdict {
    proven,
    waiting,  // for an answer; proven_until() is what holds meanwhile
    overdue,  // it has waited longer than `patience`
  };
  // May a watermark of this time say that the market is complete? now: the local clock.
  Verdict judge(Timestamp time, Duration now, Duration patience);
  // Proven up to here, this instant included; nothing while there is a doubt.
  std::optional<Timestamp> proven_until() const;
  // REST is to be asked, at this time of the exchange's clock. What it has must include the minute that ended.
  bool wants_answer(Timestamp time, Duration now) const;
  bool waits() const { return waiting_since_.has_value(); }
  // When the wait for an answer began, by the local clock.
  Duration waiting_since() const { return waiting_since_.value_or(Duration{}); }
  // A whole minute has been silent, and it is proven that this was all.
  bool silence_proven() const { return answers_ > 0 && !doubted_ && !waiting_since_; }

 private:
  static constexpr Duration ask_again = Duration::seconds(10);

  Timestamp sign_;           // the newest of the market's own
  Timestamp due_;            // a watermark from here on needs an answer
  std::size_t answers_ = 0;  // since that sign
  bool doubted_ = false;
  std::optional<Duration> waiting_since_;
  Duration not_before_;
};

}  // namespace candled::ingest
