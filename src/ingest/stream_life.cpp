#include "ingest/stream_life.hpp"

#include <algorithm>
#include <string>

namespace candled::ingest {
namespace {

constexpr Duration stream_patience = Duration::seconds(5);  // the stream may be so much later than REST
constexpr Duration wish_again = Duration::minutes(1);
constexpr Duration tell_again = Duration::hours(1);

}  // namespace

void StreamLife::joined(Duration now) {
  if (const std::optional<Timestamp> passed = clock_.passed(now)) {
    silent_ ? proof_.answered(*passed, true) : proof_.heard(*passed);
  }
}

void StreamLife::disconnected() {
  silent_ = wish_ = false;
  missed_since_.reset();
  subscribed_again_.reset();
}

void StreamLife::subscribed(Duration now) {
  if (silent_) subscribed_again_ = clock_.passed(now);
}

void StreamLife::told(const Trade& trade) {
  if (told_id_ && trade.id <= *told_id_) return;
  told_id_ = trade.id;
  foreign_ = false;
  // The snapshot behind a new subscription has what was missed; what is stamped later than that subscription shows that it lives.
  if (missed_since_ && trade.id >= missed_id_ && !silent_) missed_since_.reset();
  if (silent_ && (!subscribed_again_ || trade.time <= *subscribed_again_)) return;
  proof_.heard(trade.time);
  if (silent_) end_silence();
}

bool StreamLife::repeated(const Trade& trade, std::int64_t last_id, Duration now) {
  switch (recent_.judge(trade)) {
    case RecentTrades::Verdict::repeat: told(trade); return true;
    case RecentTrades::Verdict::old: return true;
    case RecentTrades::Verdict::foreign: found_foreign(trade, last_id, now); return false;
  }
  return true;
}

void StreamLife::found_foreign(const Trade& trade, std::int64_t last_id, Duration now) {
  foreign_ = true;
  statistics_.foreign_id.set(trade.id);
  if (foreign_told_at_ && now - *foreign_told_at_ < tell_again) return;
  foreign_told_at_ = now;
  log_.error("trades carry ids that cannot belong to what is stored, skipped; their minutes are gaps",
             {{"market", market_.name()},
              {"trade_id", std::to_string(trade.id)},
              {"time", to_iso8601(trade.time)},
              {"last_stored_id", std::to_string(last_id)},
              {"next",
               "the file holds trades of another exchange or simulation: stop, move it away, and start with "
               "candled --backfill 7d"}});
}

void StreamLife::nothing_missed(Timestamp asked, Duration now) {
  proof_.answered(asked, silent_);
  // It was subscribed again, and since then REST had nothing that did not come.
  if (silent_ && subscribed_again_ && asked > *subscribed_again_ + wish_again) end_silence();
  tend(now);
}

void StreamLife::missed(const Trade& trade, Duration now) {
  if (told_id_ && trade.id <= *told_id_) return;
  if (!missed_since_) {
    const Timestamp passed = clock_.passed(now).value_or(trade.time);
    const double behind = static_cast<double>(std::max(passed - trade.time, Duration{}).ns) / clock_.rate();
    missed_since_ = now - Duration{static_cast<std::int64_t>(behind)};
    missed_id_ = trade.id;
  }
  if (silent_ && now - wished_at_ >= wish_again) {
    wish_ = true;
    wished_at_ = now;
  }
  tend(now);
}

void StreamLife::tend(Duration now) {
  if (silent_ || !missed_since_ || now - *missed_since_ <= stream_patience) return;
  silent_ = wish_ = true;
  wished_at_ = now;
  subscribed_again_.reset();
  statistics_.silences.add();
  log_.warning("the stream of this market is silent while REST has trades",
               {{"market", market_.name()},
                {"first_untold_id", std::to_string(missed_id_)},
                {"next", "subscribing again; its trades come over REST, and candles are revised"}});
}

void StreamLife::end_silence() {
  silent_ = wish_ = false;
  missed_since_.reset();
  subscribed_again_.reset();
  log_.info("the stream of this market is alive again", {{"market", market_.name()}});
}

}  // namespace candled::ingest
