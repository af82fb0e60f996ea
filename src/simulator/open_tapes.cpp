#include "simulator/open_tapes.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "simulator/synthetic_tape.hpp"

namespace candled::simulator {
namespace {

constexpr Timestamp synthetic_start{1'735'689'600'000'000'000};  // 2025-01-01T00:00:00Z

class RecordedTape final : public Tape {
 public:
  explicit RecordedTape(std::vector<Trade> trades) : trades_(std::move(trades)) {}
  const Trade* peek() override { return position_ < trades_.size() ? &trades_[position_] : nullptr; }
  void next() override { ++position_; }

 private:
  std::vector<Trade> trades_;
  std::size_t position_ = 0;
};

// The instrument's precision, or more where the recording has more: no number is ever shortened.
template <class Number>
int decimals_of(const std::vector<Trade>& trades, Number Trade::* number, int least) {
  int decimals = least;
  for (const Trade& trade : trades) {
    while (decimals < Number::finest && !units_at((trade.*number).digits(), decimals)) ++decimals;
  }
  return decimals;
}

Result<void> check(const MarketSettings& market) {
  const auto* synthetic = std::get_if<SyntheticMarket>(&market.tape);
  if (synthetic == nullptr) return {};
  const auto within = [](double value, double low, double high) { return value >= low && value <= high; };
  if (!within(synthetic->trades_per_minute, 0, 1e6))
    return refuse(market.symbol + ": trades_per_minute must be 0 to 1000000");
  if (!within(synthetic->volatility_bps, 0.001, 1000))
    return refuse(market.symbol + ": volatility_bps must be 0.001 to 1000");
  if (!within(synthetic->predictability, 0, 10)) return refuse(market.symbol + ": predictability must be 0 to 10");
  if (!within(synthetic->quiet_minutes, 0, 1)) return refuse(market.symbol + ": quiet_minutes must be 0 to 1");
  if (!within(synthetic->first_price, 0, 1e8)) return refuse(market.symbol + ": first_price must be 0 to 100000000");
  if (synthetic->first_id < 0 || synthetic->first_id > 900'000'000'000'000'000) {
    return refuse(market.symbol + ": first_id must have at most 18 digits");
  }
  return {};
}

struct Recording {
  std::optional<std::vector<Trade>> trades;  // absent for a synthetic market
};

Result<std::vector<Recording>> load(const std::vector<MarketSettings>& markets) {
  std::vector<Recording> recordings;
  for (const MarketSettings& market : markets) {
    if (Result<void> good = check(market); !good) return std::unexpected(good.error());
    Recording recording;
    if (const auto* files = std::get_if<TradeFiles>(&market.tape)) {
      Result<std::vector<Trade>> trades = load_trades(*files);
      if (!trades) return refuse(market.symbol + ": " + trades.error().message);
      recording.trades = std::move(*trades);
    }
    recordings.push_back(std::move(recording));
  }
  return recordings;
}

Timestamp start_of(const LocalExchangeSettings& settings, const std::vector<Recording>& recordings) {
  if (settings.start) return *settings.start;
  std::optional<Timestamp> first;
  for (const Recording& recording : recordings) {
    if (recording.trades)
      first = std::min(first.value_or(recording.trades->front().time), recording.trades->front().time);
  }
  return first ? *first + settings.history : synthetic_start;
}

Result<void> check(const LocalExchangeSettings& settings) {
  if (settings.markets.empty() || settings.markets.size() > markets_max)
    return refuse("a local exchange has 1 to 64 markets");
  for (std::size_t i = 0; i < settings.markets.size(); ++i) {
    const auto same = [&](const MarketSettings& m) { return m.symbol == settings.markets[i].symbol; };
    if (std::count_if(settings.markets.begin(), settings.markets.end(), same) > 1) {
      return refuse("market " + settings.markets[i].symbol + " is named twice");
    }
  }
  if (!(settings.speed >= 0 && settings.speed <= 1e6)) return refuse("speed must be 0 (as fast as can be) to 1000000");
  if (settings.history.ns < 0) return refuse("history must not be negative");
  if (settings.frame_trades_max == 0) return refuse("frame_trades_max must be at least 1");
  return {};
}

}  // namespace

Result<OpenedMarkets> open_markets(const LocalExchangeSettings& settings, const Dialect& dialect) {
  if (Result<void> good = check(settings); !good) return std::unexpected(good.error());
  Result<std::vector<Recording>> recordings = load(settings.markets);
  if (!recordings) return std::unexpected(recordings.error());

  OpenedMarkets opened;
  opened.start = start_of(settings, *recordings);
  for (std::size_t i = 0; i < settings.markets.size(); ++i) {
    Result<Instrument> instrument = dialect.instrument(settings.markets[i].symbol);
    if (!instrument) return std::unexpected(instrument.error());
    std::unique_ptr<Tape> tape;
    if (std::optional<std::vector<Trade>>& trades = (*recordings)[i].trades) {
      instrument->price_decimals = decimals_of(*trades, &Trade::price, instrument->price_decimals);
      instrument->quantity_decimals = decimals_of(*trades, &Trade::quantity, instrument->quantity_decimals);
      tape = std::make_unique<RecordedTape>(std::move(*trades));
    } else {
      const auto& synthetic = std::get<SyntheticMarket>(settings.markets[i].tape);
      tape = std::make_unique<SyntheticTape>(synthetic, *instrument, opened.start - settings.history);
    }
    opened.markets.push_back({*instrument, std::move(tape), History(settings.history_trades_max)});
    SimulatedMarket& market = opened.markets.back();
    for (const Trade* t = market.tape->peek(); t != nullptr && t->time < opened.start; t = market.tape->peek()) {
      market.history.add(*t);
      market.tape->next();
    }
  }
  return opened;
}

}  // namespace candled::simulator
