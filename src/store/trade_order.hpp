// The order in time of two rows of trades, those without ids and those with, each by its ids.
#pragma once

#include <cstdint>
#include <optional>

#include "candled/domain/made_id.hpp"
#include "candled/domain/trade.hpp"

namespace candled::store {

// Which of the next two goes first. A stamp of whole units leaves open where in its unit a trade belongs; where contiguous ids prove that
// nothing else was between them, it is not there. `last_own_id`: of the trade with an id that went last.
inline bool made_goes_first(const Trade& made, const Trade& own, std::optional<std::int64_t> last_own_id) {
  if (made.time > own.time) return false;
  const bool continues = last_own_id && own.id == *last_own_id + 1;
  return !continues || own.time - made.time >= precision_of(made.time);
}

}  // namespace candled::store
