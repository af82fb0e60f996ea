// The operator's paths: status, and faults at run time.
#include <fmt/format.h>

#include "simulator/rest.hpp"

namespace candled::simulator {
namespace {

std::string status_json(Exchange& exchange, Duration wall) {
  exchange.tick(wall);  // so that the counts of connections are those of this moment
  const ExchangeStatistics& s = exchange.statistics();
  std::string out = fmt::format(
      "{{\"market_time\":\"{}\",\"clock_started\":{},\"tape_ended\":{},\"connections\":{},\"connections_total\":{},"
      "\"connections_refused\":{},\"subscriptions\":{},\"rest_requests\":{},\"frames_sent\":{},\"books_sent\":{},"
      "\"trades_released\":{},"
      "\"trades_sent\":{},\"trades_unseen\":{},\"faults\":{},\"markets\":[",
      to_iso8601(exchange.now(wall)), exchange.clock().began(), exchange.tape_ended(), s.connections,
      s.connections_total, s.connections_refused, s.subscriptions, s.rest_requests, s.frames_sent, s.books_sent,
      s.trades_released, s.trades_sent, s.trades_unseen, s.faults);
  const char* separator = "";
  for (const SimulatedMarket& market : exchange.markets()) {
    const History& history = market.history;
    out += fmt::format("{}{{\"symbol\":{},\"trades\":{},\"first_id\":{},\"last_id\":{}}}", separator,
                       json_string(market.instrument.symbol), history.size(), history.empty() ? 0 : history[0].id,
                       history.empty() ? 0 : history.back().id);
    separator = ",";
  }
  return out + "]}\n";
}

HttpAnswer answer_of(unsigned status, std::string body) { return {.status = status, .body = std::move(body)}; }

}  // namespace

OperatorAnswer answer_operator(Exchange& exchange, bool is_post, std::string_view target, Duration wall) {
  const std::string_view rest = target.substr(std::string_view("/simulator/").size());
  OperatorAnswer out;
  if (rest == "status") {
    out.answer = answer_of(200, status_json(exchange, wall));
    return out;
  }
  if (!is_post) {
    out.answer = answer_of(405, "{\"error\":\"use POST\"}\n");
    return out;
  }
  if (rest == "clear") {
    exchange.clear_faults();
  } else if (rest == "start") {
    exchange.begin_clock(wall);
  } else if (rest == "stop") {
    out.stop = true;
  } else {
    const Result<ScheduledFault> fault = parse_fault(rest);
    if (!fault) {
      out.answer = answer_of(400, "{\"error\":" + json_string(fault.error().message) + "}\n");
      return out;
    }
    exchange.faults().schedule(*fault);
    exchange.advance(wall);
  }
  out.answer = answer_of(200, status_json(exchange, wall));
  return out;
}

}  // namespace candled::simulator
