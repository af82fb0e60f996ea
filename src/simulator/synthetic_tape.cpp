#include "simulator/synthetic_tape.hpp"

#include <algorithm>
#include <cmath>

namespace candled::simulator {
namespace {

constexpr double volatility_memory = 0.985;  // per minute
constexpr double volatility_shock = 0.10;
constexpr double drift_memory = 0.972;        // half-life about 25 minutes
constexpr double drift_share = 0.13;          // standard deviation of the drift, in volatilities
constexpr double overreaction_memory = 0.65;  // half-life about a minute and a half
constexpr double overreaction_share = 0.35;
constexpr double leaning = 0.8;  // of taker sides toward the drift
constexpr double quiet_minutes_per_group = 2;
constexpr std::size_t fills_of_one_order_max = 17;  // the longest group in a recorded page
constexpr std::int64_t minute_ns = 60'000'000'000;
constexpr double minute_share_min = 0.01;

}  // namespace

SyntheticTape::SyntheticTape(const SyntheticMarket& settings, const Instrument& instrument, Timestamp begin)
    : settings_(settings),
      random_(seed_for(settings.seed, instrument.symbol)),
      minute_(begin),
      end_(settings.length ? begin + *settings.length : Timestamp{INT64_MAX}),
      next_id_(settings.first_id > 0
                   ? settings.first_id
                   : 1 + static_cast<std::int64_t>(seed_for(settings.seed, instrument.symbol) % 1'000'000'000)),
      trades_left_(settings.trades_max.value_or(INT64_MAX)),
      tick_(std::pow(10.0, -instrument.price_decimals)),
      tick_units_(
          static_cast<std::int64_t>(wide_power_of_ten(std::max(0, Price::decimals - instrument.price_decimals)))),
      log_price_(std::log(settings.first_price > 0 ? settings.first_price : instrument.usual_price)) {}

const Trade* SyntheticTape::peek() {
  while (position_ == trades_.size()) {
    if (!make_minute()) return nullptr;
  }
  return &trades_[position_];
}

void SyntheticTape::advance_mood() {
  log_volatility_ = volatility_memory * log_volatility_ + volatility_shock * random_.normal();
  const double volatility = settings_.volatility_bps * 1e-4;
  const double renewal = std::sqrt(1 - drift_memory * drift_memory);
  drift_ = drift_memory * drift_ + renewal * drift_share * volatility * random_.normal();
  overreaction_ = overreaction_memory * overreaction_ + std::sqrt(1 - overreaction_memory * overreaction_memory) *
                                                            overreaction_share * volatility *
                                                            std::exp(log_volatility_) * random_.normal();
  if (quiet_left_ > 0) {
    --quiet_left_;
  } else if (random_.chance(settings_.quiet_minutes / quiet_minutes_per_group)) {
    quiet_left_ = 1 + (random_.chance(0.5) ? 0 : 1) + (random_.chance(0.25) ? 1 : 0);
  }
}

// False when the tape is over. A quiet minute moves the price too: the others trade elsewhere.
bool SyntheticTape::make_minute() {
  if (minute_ >= end_ || trades_left_ <= 0) return false;
  trades_.clear();
  position_ = 0;
  const double overreaction_before = overreaction_;
  advance_mood();
  const double volatility = settings_.volatility_bps * 1e-4 * std::exp(log_volatility_);
  const double strength = settings_.predictability;
  const double activity = std::exp(log_volatility_ - 0.15 + 0.3 * random_.normal());
  const auto wanted = quiet_left_ > 0
                          ? std::size_t{0}
                          : static_cast<std::size_t>(settings_.trades_per_minute * activity + random_.uniform());

  // Moments of taker orders: each makes about two fills.
  moments_ns_.clear();
  for (std::size_t i = 0; i < (wanted + 1) / 2; ++i) {
    moments_ns_.push_back(static_cast<std::int64_t>(random_.uniform() * static_cast<double>(minute_ns)));
  }
  std::sort(moments_ns_.begin(), moments_ns_.end());

  double past = 0;
  for (const std::int64_t moment_ns : moments_ns_) {
    const double now = static_cast<double>(moment_ns) / static_cast<double>(minute_ns);
    log_price_ += strength * drift_ * (now - past) + volatility * std::sqrt(now - past) * random_.normal();
    past = now;
    const double swing = strength * (overreaction_before + (overreaction_ - overreaction_before) * now);
    const Timestamp time = minute_ + Duration{moment_ns};
    if (time >= end_) break;
    make_order(time, std::exp(log_price_ + swing), wanted - trades_.size());
    if (trades_.size() >= wanted || trades_left_ <= 0) break;
  }
  const double rest = std::max(1 - past, minute_share_min);
  log_price_ += strength * drift_ * rest + volatility * std::sqrt(rest) * random_.normal();
  minute_ = minute_ + Duration{minute_ns};
  return true;
}

void SyntheticTape::make_order(Timestamp time, double fair_price, std::size_t fills_max) {
  std::size_t fills = 1;
  while (fills < fills_of_one_order_max && random_.chance(0.5)) ++fills;
  fills = std::min(fills, fills_max);
  const double drift_in_volatilities = drift_ / (settings_.volatility_bps * 1e-4);
  const double buy = 0.5 + 0.5 * std::tanh(leaning * settings_.predictability * drift_in_volatilities);
  const Side side = random_.chance(buy) ? Side::buy : Side::sell;
  const OrderType type = random_.chance(0.38) ? OrderType::market : OrderType::limit;
  const double direction = side == Side::buy ? 1 : -1;
  double price = fair_price + direction * 0.5 * tick_;
  for (std::size_t i = 0; i < fills && trades_left_ > 0; ++i) {
    trades_.push_back(make_fill(time, price, side, type));
    if (random_.chance(0.4)) price += direction * tick_ * (1 + std::floor(random_.uniform() * 5));
  }
}

Trade SyntheticTape::make_fill(Timestamp time, double price, Side side, OrderType type) {
  const double usual_sum = 300;  // quote currency
  const double quantity = usual_sum * std::exp(1.6 * random_.normal()) / price;
  const auto ticks = std::clamp<std::int64_t>(std::llround(price / tick_), 1, INT64_MAX / 2 / tick_units_);
  Trade trade;
  trade.id = next_id_++;
  --trades_left_;
  trade.time = time;
  trade.price = Price::from_units(ticks * tick_units_);
  trade.quantity = Quantity::from_units(
      static_cast<std::int64_t>(std::clamp(quantity * static_cast<double>(Quantity::scale), 1000.0, 1e17)));
  trade.side = side;
  trade.order_type = type;
  return trade;
}

}  // namespace candled::simulator
