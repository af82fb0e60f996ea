#include "ingest/exchanges/kraken_error.hpp"

#include "ingest/exchanges/kraken_row.hpp"

namespace candled::ingest {
namespace {

constexpr std::size_t message_bytes_max = 200;

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// One entry of the `error` array: <E|W><Category>:<message>[:<extra>].
RestError classify(std::string_view text) {
  RestError error{RestError::Kind::transient, std::string(text.substr(0, message_bytes_max)), {}, {}};
  if (contains(text, "Throttled")) {
    error.kind = RestError::Kind::rate_limited;
    if (const auto seconds = whole_number(text.substr(text.rfind(':') + 1)); seconds && *seconds > 0 && *seconds < 9'000'000'000) {
      error.until = Timestamp{} + Duration::seconds(*seconds);
    }
  } else if (contains(text, "Rate limit") || contains(text, "Too many requests") || contains(text, "Temporary lockout")) {
    error.kind = RestError::Kind::rate_limited;
  } else if (text.starts_with("EQuery:") || text.starts_with("EGeneral:Invalid") || text.starts_with("EGeneral:Unknown")) {
    error.kind = RestError::Kind::permanent;
  }
  return error;
}

}  // namespace

RestError kraken_transient(std::string message) { return {RestError::Kind::transient, std::move(message), {}, {}}; }

RestResult<simdjson::ondemand::object> kraken_result(simdjson::ondemand::document& document) {
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
  simdjson::ondemand::object result;
  if (object.find_field_unordered("result").get_object().get(result)) {
    return std::unexpected(kraken_transient("the answer has no result"));
  }
  return result;
}

}  // namespace candled::ingest
