// The configuration of trading: [paper], the fees in [exchange.<name>], the order rules in [[market]], [[strategy]].
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "candled/domain/fixed_point.hpp"
#include "candled/domain/result.hpp"
#include "candled/domain/time.hpp"
#include "candled/trading/paper_settings.hpp"
#include "candled/trading/strategy.hpp"

namespace candled {
class Section;
}

namespace candled::trading {

// The defaults of every market. Costs are in hundredths of a percent.
struct PaperTerms {
  Money starting_balance = Money::from_units(10'000 * Money::scale);
  double fee_bps = 40.0;  // taker; an exchange can override this and the maker's
  double maker_fee_bps = 25.0;
  double slippage_bps = 2.0;
  double half_spread_bps = 0;  // slippage_bps includes it
  std::int64_t latency_ms = 250;
  Money minimum_order = Money::from_units(5 * Money::scale);
  Duration stale_after = Duration::minutes(1);
};

// An exchange's own fees.
struct ExchangeFees {
  std::optional<double> maker_fee_bps, taker_fee_bps;
};

void describe(Section& section, PaperTerms& terms);
void describe(Section& section, ExchangeFees& fees);
void describe(Section& section, MarketRules& rules);
void describe(Section& section, StrategySettings& strategy);

// The terms, overridden by the exchange's fees, with the market's order rules. Refuses costs finer than 0.01 basis points.
Result<PaperSettings> paper_settings(const PaperTerms& terms, const ExchangeFees& fees, const MarketRules& rules);

// The strategies that run if the config has no [[strategy]].
std::vector<StrategySettings> default_strategies();

}  // namespace candled::trading
