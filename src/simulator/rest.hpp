// Answers to HTTP requests: the exchange's public REST, and the operator's own paths.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "candled/domain/time.hpp"
#include "simulator/exchange.hpp"

namespace candled::simulator {

// 404 for what the exchange does not have.
HttpAnswer answer_rest(Exchange& exchange, std::string_view target, const std::string& address, Duration wall);

struct OperatorAnswer {
  HttpAnswer answer;
  bool stop = false;  // the operator wants the server to end
};
// Target begins with /simulator/.
OperatorAnswer answer_operator(Exchange& exchange, bool is_post, std::string_view target, Duration wall);

// What to do with a request to open the WebSocket.
struct UpgradeAnswer {
  std::optional<std::int64_t> retry_after_s = {};  // stated with a refusal
  unsigned refuse_with = 0;                        // HTTP status; 0: accept it
  bool reset = false;
  Opening opening = {};
};
UpgradeAnswer answer_upgrade(Exchange& exchange, std::string_view target, const std::string& address, Duration wall);

}  // namespace candled::simulator
