#include "engine/ledger_check.hpp"

#include <fmt/format.h>

#include <string>

#include "candled/trading/ledger.hpp"

namespace candled::engine {
namespace {

Result<void> check_ledger(const Market& market, const trading::PaperAccount& account,
                          const store::CheckpointReader& reader) {
  trading::Rebuilt rebuilt(account.starting_balance());
  std::string wrong;
  reader.each_fill(market.id, account.name(), account.fills(), [&](const Fill& fill) {
    if (!wrong.empty()) return;
    if (Result<void> added = rebuilt.add(fill); !added) wrong = added.error().message;
  });
  const bool equal = rebuilt.fills() == account.fills() && rebuilt.cash() == account.cash() &&
                     rebuilt.position() == account.position();
  if (wrong.empty() && equal) return {};
  if (wrong.empty()) {
    wrong = fmt::format("{} of {} fills come to cash {} and position {}", rebuilt.fills(), account.fills(),
                        rebuilt.cash().to_text(), rebuilt.position().to_text());
  }
  return refuse(
      fmt::format("the stored fills of strategy {} in {} do not explain its account, which has cash {} and position "
                  "{}: {}; fills or "
                  "checkpoint were changed by another program: restore a copy of the file",
                  account.name(), market.name(), account.cash().to_text(), account.position().to_text(), wrong));
}

}  // namespace

Result<void> check_ledgers(const Market& market, const TradingStation& station, const store::CheckpointReader& reader) {
  for (const trading::PaperAccount& account : station.accounts(market.id)) {
    if (Result<void> checked = check_ledger(market, account, reader); !checked) return checked;
  }
  return {};
}

}  // namespace candled::engine
