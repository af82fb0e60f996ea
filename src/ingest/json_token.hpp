// Small helpers over simdjson: the raw text of a token, so that no number ever goes through a double.
#pragma once

#include <simdjson.h>

#include <string_view>

namespace candled::ingest {

// The text of a number, or of a string without its quotes (escapes stay as they are); empty for anything else.
// Does not move the iterator: a value of the wrong type is skipped by whoever walks its parent.
inline std::string_view scalar_text(simdjson::ondemand::value value) {
  std::string_view token = value.raw_json_token();
  while (!token.empty() && static_cast<unsigned char>(token.back()) <= ' ') token.remove_suffix(1);
  if (token.size() >= 2 && token.front() == '"' && token.back() == '"') return token.substr(1, token.size() - 2);
  if (token.empty() || token.front() == '{' || token.front() == '[' || token.front() == '"') return {};
  return token;
}

// The text of a string field, empty where there is none. Any error it returns is one of structure: simdjson must not be asked
// anything more about this document then.
inline simdjson::error_code optional_text(simdjson::ondemand::object& object, std::string_view key,
                                          std::string_view& out) {
  out = {};
  const simdjson::error_code error = object.find_field_unordered(key).get_string().get(out);
  const bool absent = error == simdjson::NO_SUCH_FIELD || error == simdjson::INCORRECT_TYPE;
  return absent ? simdjson::SUCCESS : error;
}

// text must have text_padding readable bytes behind it.
inline simdjson::padded_string_view padded(std::string_view text) {
  return simdjson::padded_string_view(text.data(), text.size(), text.size() + simdjson::SIMDJSON_PADDING);
}

}  // namespace candled::ingest
