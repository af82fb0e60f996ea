// JsonWriter: JSON appended to a string in one pass.
//
//   std::string out;
//   JsonWriter json(out);
//   json.begin_object().member("market", "kraken:BTC/USD").key("prices").begin_array().value(1.5).value(nullptr).end_array().end_object();
//   // {"market":"kraken:BTC/USD","prices":[1.5,null]}
//
// The output is valid JSON and valid UTF-8, whatever the texts hold: a byte that is not part of valid UTF-8 becomes U+FFFD,
// control characters are escaped, a number that is not finite is null. Doubles have the shortest text that reads back as the same
// double. A call that would break the structure (a key in an array, a value without its key, an end that closes the other kind) is a
// broken invariant. The writer does not own the string: nobody else appends to it until the document is complete.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "candled/domain/time.hpp"

namespace candled {

class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);

  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(Timestamp time);  // ISO 8601
  JsonWriter& value(std::nullptr_t) { return token("null"); }
  template <std::same_as<bool> Bool>
  JsonWriter& value(Bool flag) {
    return token(flag ? "true" : "false");
  }
  template <std::integral Integer>
    requires(!std::same_as<Integer, bool> && !std::same_as<Integer, char>)
  JsonWriter& value(Integer number) {
    return token(std::to_string(number));
  }
  JsonWriter& value(double number);
  template <class Value>
  JsonWriter& value(const std::optional<Value>& known) {
    return known ? value(*known) : value(nullptr);
  }

  JsonWriter& fixed(double number, int decimals);       // 0.500 with three
  JsonWriter& rounded(double number, int significant);  // 0.333333 with six; shorter where that is the same number
  // A JSON value that is already text; its UTF-8 is checked, its structure is the caller's responsibility.
  JsonWriter& json(std::string_view text);

  template <class Value>
  JsonWriter& member(std::string_view name, const Value& one) {
    return key(name).value(one);
  }
  template <class Values>
  JsonWriter& values(const Values& all) {
    begin_array();
    for (const auto& one : all) value(one);
    return end_array();
  }

  // Null where the text is empty.
  JsonWriter& member_or_null(std::string_view name, std::string_view text) {
    return text.empty() ? member(name, nullptr) : member(name, text);
  }

  // White space before the next token, for files that people read. The default is none.
  JsonWriter& space(std::string_view white);

 private:
  void open(char bracket);
  void close(char bracket);
  void separate();  // the comma and the white space before a key, a value or an end
  void begin_value();
  JsonWriter& token(std::string_view ascii);

  std::string& out_;
  std::string nesting_;  // the brackets that are open
  std::string_view space_;
  bool is_first_ = true;  // in the innermost bracket
  bool has_key_ = false;
};

// {...}: `write` puts the members in.
template <std::invocable<JsonWriter&> Write>
std::string json_object(Write write) {
  std::string text;
  JsonWriter json(text);
  json.begin_object();
  write(json);
  json.end_object();
  return text;
}

}  // namespace candled
