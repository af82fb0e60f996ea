#include "ingest/exchange_clock.hpp"

#include <algorithm>

namespace candled::ingest {
namespace {

constexpr double drift_max = 200e-6;                         // of two quartz clocks against each other
constexpr Duration stamp_lead_max = Duration::seconds(60);   // a stamp further ahead than this is not honest
constexpr Duration stamp_lead_local = Duration::seconds(2);  // plus what a sped-up market may gain meanwhile

}  // namespace

Timestamp ExchangeClock::run_on(const Anchor& anchor, Duration local, double drift) const {
  const double gone = static_cast<double>((local - anchor.local).ns) * rate_ * (1.0 + drift);
  return anchor.exchange + Duration{static_cast<std::int64_t>(gone)};
}

Duration ExchangeClock::scaled(Duration ours) const {
  return Duration{static_cast<std::int64_t>(static_cast<double>(ours.ns) * rate_)};
}

void ExchangeClock::answered(Timestamp server, Duration sent, Duration received, Duration granularity) {
  runs_ahead_ = upper_ && server > believable_until(received);
  upper_ = Anchor{server + granularity, sent};
  answered_at_ = received;
  const bool disproved = lower_ && run_on(*lower_, received, -drift_max) > run_on(*upper_, received, drift_max);
  if (disproved) lower_.reset();
  saw(server, received);
}

void ExchangeClock::saw(Timestamp stamp, Duration local) {
  if (!lower_ || stamp > run_on(*lower_, local, -drift_max)) lower_ = Anchor{stamp, local};
}

std::optional<Timestamp> ExchangeClock::passed(Duration local) const {
  if (!lower_) return std::nullopt;
  return run_on(*lower_, local, -drift_max);
}

std::optional<Timestamp> ExchangeClock::latest_possible(Duration local) const {
  if (!upper_) return std::nullopt;
  return run_on(*upper_, local, drift_max);
}

Timestamp ExchangeClock::possible_until(Duration local, Timestamp wall) const {
  const Timestamp tomorrow = wall + Duration::days(1);
  return latest_possible(local) ? std::max(believable_until(local), tomorrow) : tomorrow;
}

Timestamp ExchangeClock::believable_until(Duration local) const {
  const std::optional<Timestamp> latest = latest_possible(local);
  return latest ? *latest + stamp_lead_max + scaled(stamp_lead_local) : Timestamp{INT64_MAX};
}

}  // namespace candled::ingest
