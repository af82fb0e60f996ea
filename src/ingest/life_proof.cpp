#include "ingest/life_proof.hpp"

#include <algorithm>
#include <array>

namespace candled::ingest {
namespace {

constexpr Duration minute = Duration::minutes(1);
constexpr std::array answer_holds = {Duration::minutes(1), Duration::minutes(2), Duration::minutes(4),
                                     Duration::minutes(8), Duration::minutes(15)};
// REST may lag behind the exchange's clock; so long after the end of a minute it has the minute's trades.
constexpr Duration rest_lag = Duration::seconds(1);

}  // namespace

void LifeProof::heard(Timestamp at) {
  doubted_ = false;
  waiting_since_.reset();
  if (at <= sign_) return;
  sign_ = at;
  due_ = floor_to(at, minute) + minute * 2;
  answers_ = 0;
}

void LifeProof::answered(Timestamp asked, bool closely) {
  const Duration holds = answer_holds[closely ? 0 : std::min(answers_, answer_holds.size() - 1)];
  due_ = std::max(due_, floor_to(asked, minute) + holds);
  if (closely) due_ = floor_to(asked, minute) + holds;
  ++answers_;
  doubted_ = false;
  waiting_since_.reset();
  not_before_ = {};
}

LifeProof::Verdict LifeProof::judge(Timestamp time, Duration now, Duration patience) {
  if (!doubted_ && time < due_) {
    waiting_since_.reset();
    return Verdict::proven;
  }
  if (!waiting_since_) waiting_since_ = now;
  return now - *waiting_since_ > patience ? Verdict::overdue : Verdict::waiting;
}

std::optional<Timestamp> LifeProof::proven_until() const {
  return doubted_ ? std::nullopt : std::optional(due_ - Duration{1});
}

bool LifeProof::wants_answer(Timestamp time, Duration now) const {
  return waiting_since_ && now >= not_before_ && (doubted_ || time >= due_ + rest_lag);
}

}  // namespace candled::ingest
