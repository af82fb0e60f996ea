#include "ingest/exchanges/kraken/error.hpp"

#include "ingest/exchanges/kraken/row.hpp"

namespace candled::ingest {
namespace {

constexpr std::size_t message_bytes_max = 200;

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// One entry of the `error` array: <E|W><Category>:<message>[:<extra>].
RestError classify(std::string_view text) {
  RestError error{RestError::Kind::transient, std::string(text.substr(0, message_bytes_max)), {}, {}};
  if (contains(text, "Throttled")) {
    error.kind = RestError::Kind::rate_limited;
    if (const auto seconds = whole_number(text.substr(text.rfind(':') + 1));
        seconds && *seconds > 0 && *seconds < 9'000'000'000) {
      error.until = Timestamp{} + Duration::seconds(*seconds);
    }
  } else if (contains(text, "Rate limit") || contains(text, "Too many requests") ||
             contains(text, "Temporary lockout")) {
    error.kind = RestError::Kind::rate_limited;
  } else if (text.starts_with("EQuery:") || text.starts_with("EGeneral:Invalid") ||
             text.starts_with("EGeneral:Unknown")) {
    error.kind = RestError::Kind::permanent;
  }
  return error;
}

// Nothing: no error but warnings.
RestResult<void> errors_of(simdjson::ondemand::parser& parser, std::string_view body) {
  simdjson::ondemand::document document;
  if (parser.iterate(padded(body)).get(document)) return std::unexpected(kraken_transient("the answer is not JSON"));
  simdjson::ondemand::object object;
  if (document.get_object().get(object)) return std::unexpected(kraken_transient("the answer is not a JSON object"));
  simdjson::ondemand::array errors;
  if (object.find_field_unordered("error").get_array().get(errors)) {
    return std::unexpected(kraken_transient("the answer has no list of errors"));
  }
  for (auto element : errors) {
    std::string_view text;
    if (element.get_string().get(text)) return std::unexpected(kraken_transient("the list of errors is broken"));
    if (!text.starts_with('W')) return std::unexpected(classify(text));
  }
  return {};
}

}  // namespace

RestResult<void> judge_kraken(simdjson::ondemand::parser& parser, const net::RestAnswer& answer) {
  RestResult<void> status = judge_status(answer);
  RestResult<void> body = errors_of(parser, answer.body);
  if (status) return body;
  // The edge answers in HTML. Where Kraken itself speaks beside a status, it says more than "try again" or "wrong".
  RestError& error = status.error();
  const bool speaks = !body && body.error().message.starts_with('E');
  if (!speaks) return status;
  error.message += ": " + body.error().message;
  const bool vague = error.kind == RestError::Kind::transient || error.kind == RestError::Kind::permanent;
  if (vague) error.kind = body.error().kind;
  error.until = body.error().until;
  return status;
}

RestError kraken_transient(std::string message) { return {RestError::Kind::transient, std::move(message)}; }

RestResult<simdjson::ondemand::object> kraken_result(simdjson::ondemand::document& document) {
  simdjson::ondemand::object object, result;
  if (document.get_object().get(object)) return std::unexpected(kraken_transient("the answer is not a JSON object"));
  if (object.find_field_unordered("result").get_object().get(result)) {
    return std::unexpected(kraken_transient("the answer has no result"));
  }
  return result;
}

}  // namespace candled::ingest
