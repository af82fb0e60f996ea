// The envelope of Kraken's REST answers: {"error":[...],"result":{...}}, and what each error asks for.
#pragma once

#include <string>

#include "ingest/exchange.hpp"
#include "ingest/json_token.hpp"

namespace candled::ingest {

RestError kraken_transient(std::string message);
// What an answer says against itself: its status, and the errors in its body. Errors come with status 200, and beside others.
RestResult<void> judge_kraken(simdjson::ondemand::parser& parser, const net::RestAnswer& answer);
// The result of an answer that was judged good.
RestResult<simdjson::ondemand::object> kraken_result(simdjson::ondemand::document& document);

}  // namespace candled::ingest
