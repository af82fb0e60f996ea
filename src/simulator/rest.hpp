// Answers to HTTP requests: Kraken's public REST, and the operator's own paths.
#pragma once

#include <string>
#include <string_view>

#include "candled/domain/time.hpp"
#include "simulator/exchange.hpp"

namespace candled::simulator {

struct HttpAnswer {
  unsigned status = 200;
  std::string content_type = "application/json";
  std::string body;
  Duration delay;      // wall time before it is sent
  bool reset = false;  // drop the connection instead
};

// Target begins with /0/public/.
HttpAnswer answer_rest(Exchange& exchange, std::string_view target, const std::string& address, Duration wall);

struct OperatorAnswer {
  HttpAnswer answer;
  bool stop = false;  // the operator wants the server to end
};
// Target begins with /simulator/.
OperatorAnswer answer_operator(Exchange& exchange, bool is_post, std::string_view target, Duration wall);

// What to do with a request to open the WebSocket; status 0: accept it.
struct UpgradeAnswer {
  unsigned refuse_with = 0;
  bool reset = false;
};
UpgradeAnswer answer_upgrade(Exchange& exchange, std::string_view target, const std::string& address, Duration wall);

}  // namespace candled::simulator
