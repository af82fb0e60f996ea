#include "candled/trading/paper_trading.hpp"

#include <string>

#include "trading/market_desk.hpp"

namespace candled::trading {
namespace {

constexpr std::uint32_t state_version = 3;

Result<void> refuse_negative(bool negative, const char* what) {
  return negative ? Result<void>(refuse(std::string(what) + " is negative")) : Result<void>();
}

}  // namespace

Result<void> check_settings(const PaperSettings& settings) {
  if (settings.starting_balance.units() <= 0) return refuse("starting_balance is not positive");
  const std::pair<bool, const char*> rows[] = {
      {settings.latency < Duration{}, "latency"},
      {settings.stale_after < Duration{}, "stale_after"},
      {settings.costs.minimum_order < Money{}, "minimum_order"},
      {settings.rules.price_step < Price{}, "price_step"},
  };
  for (const auto& [negative, what] : rows) {
    if (Result<void> checked = refuse_negative(negative, what); !checked) return checked;
  }
  return {};
}

PaperTrading::PaperTrading(const PaperSettings& settings, std::span<const StrategySettings> strategies,
                           Duration interval)
    : desk_(std::make_unique<MarketDesk>(settings, strategies, interval)) {}
PaperTrading::~PaperTrading() = default;
PaperTrading::PaperTrading(PaperTrading&&) noexcept = default;
PaperTrading& PaperTrading::operator=(PaperTrading&&) noexcept = default;

void PaperTrading::on_candle(CandleReport& report, std::vector<Fill>& fills) { desk_->on_candle(report, fills); }
void PaperTrading::on_trade(const Trade& trade, std::vector<Fill>& fills) { desk_->on_trade(trade, fills); }
void PaperTrading::on_sequence_gap(Timestamp known_until) { desk_->on_sequence_gap(known_until); }
void PaperTrading::pause(bool paused) { desk_->pause(paused); }
bool PaperTrading::paused() const { return desk_->paused(); }

std::span<const PaperAccount> PaperTrading::accounts() const { return desk_->accounts(); }
bool PaperTrading::stopped(StrategyId strategy) const {
  return desk_->options_state(index_of(strategy)).stopped_at > Fraction{};
}

void PaperTrading::save(StateWriter& out) const {
  out(state_version);
  desk_->save(out);
}

Result<void> PaperTrading::load(StateReader& in) {
  std::uint32_t version = 0;
  in(version);
  if (!in.ok() || version != state_version) return refuse("trading state is of another version or truncated");
  auto loaded = std::make_unique<MarketDesk>(*desk_);
  if (!loaded->read(in)) return refuse("trading state is damaged");
  desk_ = std::move(loaded);
  return {};
}

}  // namespace candled::trading
