// RestError: why a REST answer is of no use, as the exchange says it; and what the status says where the exchange says nothing.
#pragma once

#include <expected>
#include <optional>
#include <string>

#include "candled/domain/time.hpp"
#include "candled/net/rest.hpp"

namespace candled::ingest {

struct RestError {
  using Kind = net::RestError::Kind;
  Kind kind = Kind::transient;
  std::string message = {};             // one line
  std::optional<Duration> pause = {};   // stated by the exchange
  std::optional<Timestamp> until = {};  // the same as a time of the exchange's clock
};
template <class T>
using RestResult = std::expected<T, RestError>;

// What HTTP says by itself: 200 is good, 429 a rate limit, 418, 403 and 451 a ban, 400 and 404 a wrong request, and all else passes.
RestResult<void> judge_status(const net::RestAnswer& answer);

}  // namespace candled::ingest
