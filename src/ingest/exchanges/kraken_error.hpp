// The envelope of Kraken's REST answers: {"error":[...],"result":{...}}, and what each error asks for.
#pragma once

#include <string>

#include "ingest/exchange.hpp"
#include "ingest/json_token.hpp"

namespace candled::ingest {

RestError kraken_transient(std::string message);
// The result of an answer without errors.
RestResult<simdjson::ondemand::object> kraken_result(simdjson::ondemand::document& document);

}  // namespace candled::ingest
