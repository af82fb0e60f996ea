// MarketFlow: the trades of one market on their way out. What comes from the stream and from REST goes through one sequence
// tracker, so that each id leaves once and in order; sequence gaps are repaired before later trades pass, or recorded.
//
// Start-up, reconnect and a lost frame are one procedure: the tracker says which ids are missing, a walk over REST offers
// them to the tracker, and the trades that were held back follow.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "candled/flow/log.hpp"
#include "candled/ingest/feed.hpp"
#include "ingest/life_page.hpp"
#include "ingest/market_parts.hpp"
#include "ingest/recorded_sequence_gaps.hpp"
#include "ingest/sequence_tracker.hpp"
#include "ingest/stream_life.hpp"

namespace candled::ingest {

class MarketFlow {
 public:
  MarketFlow(MarketParts parts, const Market& market, const MarketCursor& cursor, MarketStatistics& statistics);

  const Market& market() const { return market_; }

  // What the link reports.
  void set_rest_name(std::string name);  // until then REST cannot be asked
  void subscribed(Duration now);         // the exchange accepted
  bool is_subscribed() const { return subscribed_; }
  void disconnected();
  void take(const Trade& trade);  // from the stream, any order; trades of one frame ascending as far as it can be had
  void snapshot_ended();          // the trades before this call were the whole snapshot of this connection
  // Something came that may have been a trade of this market and could not be read or believed: nothing is proven until more comes.
  void doubt();
  // The exchange says that its newest trade has this number. The word may overtake the trade, so it counts when it is said again.
  void told_last_id(std::int64_t id, Duration now);
  // The link was alive and in order up to this time of the exchange's clock: pushes a watermark if this market is complete, too.
  void prove(Timestamp time, Duration now);
  // Several times a second: ends waits that took too long.
  void tend(Duration now);
  // Switches the market off with one line, or on again.
  void refuse(const std::string& reason, const std::string& next);
  void allow();
  bool refused() const { return refused_; }

  // Of a market that is silent on the stream; the LifeKeeper asks REST for it.
  bool waits_for_life() const { return subscribed_ && !refused_ && proven_ && !repairing() && life_.proof().waits(); }
  Duration waiting_since() const { return life_.proof().waiting_since(); }
  // time: of the exchange's clock; now: the local one.
  bool may_ask_for_life(Timestamp time, Duration now) const {
    const bool known = tracker_.last_id() ? last_is_trade_ : born_.ns != 0;
    return waits_for_life() && known && !rest_name_.empty() && life_.proof().wants_answer(time, now);
  }
  const std::string& rest_name() const { return rest_name_; }
  PageRequest life_request() const { return ask_behind(parts_.rest.descriptor(), last_known()); }
  // asked: a time that the exchange's clock had passed when it was asked.
  void life_answered(const TradesPage& page, Timestamp asked, Duration now);
  // REST is or will be asked for trades that are missing.
  bool repairing() const { return !refused_ && repair_wanted(); }
  // This market is to be subscribed again; says so once.
  bool take_subscription_wish() { return subscribed_ && life_.take_wish(); }
  // Its subscription was asked for again.
  void subscribing_again() { subscribed_ = false; }

  // Run for as long as the loop does.
  net::Task<void> keep_complete();
  net::Task<void> fill_recorded_sequence_gaps() { return recorded_.keep_filling(); }

 private:
  bool repair_wanted() const { return loading_ || proof_wanted_ || tracker_.missing().has_value(); }
  void pass(const Trade& trade);
  void start_with_held();
  void record_sequence_gap(Duration now);
  void give_up(Duration now);
  void show_state();
  MarketState state_now() const;
  LastKnown last_known() const { return {tracker_.last_id(), tracker_.last_id() ? last_time_ : born_}; }
  void tell_ahead(Duration now);
  void prove_joined();

  net::Task<void> repair();
  std::optional<PageStart> walk_start();
  bool take_step(const Pager::Step& step, Duration now);
  void joined();
  void push_origin();
  void leave_made(Timestamp known_from);
  void warn_of_repeats();

  MarketParts parts_;
  const Market& market_;
  MarketStatistics& statistics_;
  SequenceTracker tracker_;
  Timestamp last_time_;  // of the last trade passed on
  std::string rest_name_;
  net::Signal work_;

  bool loading_ = false;             // a fresh market whose history is fetched first
  std::optional<MadeTrade> made_;    // the last stored trade, where it has no id and none with one has passed
  std::optional<Timestamp> origin_;  // where that history begins
  bool origin_pushed_ = false;
  bool refused_ = false;
  bool subscribed_ = false;
  Duration subscribed_at_;
  bool proven_ = false;  // this connection goes on where the last one ended: the snapshot or REST showed it
  bool proof_wanted_ =
      false;  // no snapshot came, or trades are behind what was told; REST is asked whether anything was missed
  std::int64_t told_ahead_ = 0;  // the number that was told last, if its trade has not come
  Duration progress_;            // local time of the last step forward of a repair
  Timestamp last_watermark_;
  Duration last_watermark_at_;
  StreamLife life_;
  Timestamp born_;              // when a market without any trade was joined
  Timestamp newest_stored_;     // at the start
  bool last_is_trade_ = true;   // the last id is that of a trade, and not of the end of a sequence gap
  bool gave_up_ = false;        // the proof that was wanted did not come in time
  bool unproven_sent_ = false;  // the last watermark that left proves nothing
  bool ahead_told_ = false;
  std::int64_t outliers_told_ = 0;
  Duration outliers_told_at_;
  TradesPage page_;
  RecordedSequenceGaps recorded_;
};

}  // namespace candled::ingest
