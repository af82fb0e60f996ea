#include "candled/domain/json_writer.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <utility>

#include "candled/domain/result.hpp"
#include "candled/domain/utf8.hpp"

namespace candled {
namespace {

bool stands_for_itself(char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f && c != '"' && c != '\\'; }

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    std::size_t plain = 0;
    while (plain < text.size() && stands_for_itself(text[plain])) ++plain;
    append_utf8(out, text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) break;
    const char c = text.front();
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    }
    text.remove_prefix(1);
  }
  out += '"';
}

}  // namespace

JsonWriter& JsonWriter::begin_object() {
  open('{');
  return *this;
}
JsonWriter& JsonWriter::end_object() {
  close('{');
  out_ += '}';
  return *this;
}
JsonWriter& JsonWriter::begin_array() {
  open('[');
  return *this;
}
JsonWriter& JsonWriter::end_array() {
  close('[');
  out_ += ']';
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  if (!nesting_.ends_with('{') || has_key_) invariant_failed("a JSON key where none can stand");
  separate();
  append_quoted(out_, name);
  out_ += ':';
  has_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  begin_value();
  append_quoted(out_, text);
  return *this;
}

JsonWriter& JsonWriter::value(Timestamp time) { return value(to_iso8601(time)); }

JsonWriter& JsonWriter::value(double number) {
  return token(std::isfinite(number) ? fmt::format("{}", number) : "null");
}

JsonWriter& JsonWriter::fixed(double number, int decimals) {
  return token(std::isfinite(number) ? fmt::format("{:.{}f}", number, decimals) : "null");
}

JsonWriter& JsonWriter::rounded(double number, int significant) {
  return token(std::isfinite(number) ? fmt::format("{:.{}g}", number, significant) : "null");
}

JsonWriter& JsonWriter::token(std::string_view ascii) {
  begin_value();
  out_ += ascii;
  return *this;
}

JsonWriter& JsonWriter::json(std::string_view text) {
  begin_value();
  append_utf8(out_, text);
  return *this;
}

JsonWriter& JsonWriter::space(std::string_view white) {
  space_ = white;
  return *this;
}

void JsonWriter::open(char bracket) {
  begin_value();
  out_ += bracket;
  nesting_ += bracket;
  is_first_ = true;
}

void JsonWriter::close(char bracket) {
  if (!nesting_.ends_with(bracket) || has_key_) invariant_failed("a JSON end without its begin");
  out_ += std::exchange(space_, {});
  nesting_.pop_back();
  is_first_ = false;
}

void JsonWriter::separate() {
  if (!std::exchange(is_first_, false)) out_ += ',';
  out_ += std::exchange(space_, {});
}

void JsonWriter::begin_value() {
  if (nesting_.ends_with('{') && !has_key_) invariant_failed("a JSON value without its key");
  if (nesting_.empty() && !is_first_) invariant_failed("a second JSON value where one stands");
  if (std::exchange(has_key_, false)) {
    out_ += std::exchange(space_, {});
  } else {
    separate();
  }
}

}  // namespace candled
