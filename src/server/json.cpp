#include "server/json.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

#include "server/message.hpp"

namespace candled::server {
namespace {

void append_text(std::string& out, std::string_view text) {
  out.push_back('"');
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (byte < 0x20 || byte == 0x7f) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
    } else if (byte > 0x7f) {
      out += "\\ufffd";  // all our names are ASCII; anything else must not make the answer invalid
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
}

std::string_view code_of(unsigned status) {
  switch (status) {
    case 400: return "bad_request";
    case 401: return "unauthorized";
    case 403: return "forbidden";
    case 404: return "not_found";
    case 405: return "method_not_allowed";
    case 409: return "conflict";
    case 413: return "body_too_large";
    case 429: return "too_many_requests";
    case 431: return "header_too_large";
    case 501: return "not_available";
    case 503: return "unavailable";
    default: return "internal";
  }
}

void append_members(std::string& out, const store::ViewRows& rows, std::size_t row) {
  const std::size_t width = rows.columns.size();
  for (std::size_t i = 0; i < width; ++i) {
    if (i > 0) out.push_back(',');
    append_text(out, rows.columns[i]);
    out.push_back(':');
    const store::Cell& cell = rows.cells[row * width + i];
    switch (cell.kind) {
      case store::Cell::Kind::null: out += "null"; break;
      case store::Cell::Kind::text: append_text(out, cell.text); break;
      case store::Cell::Kind::number:
      case store::Cell::Kind::json: out += cell.text; break;
    }
  }
}

}  // namespace

std::string json_text(std::string_view text) {
  std::string out;
  append_text(out, text);
  return out;
}

std::string json_number(std::optional<std::int64_t> number) { return number ? fmt::format("{}", *number) : "null"; }

std::string json_time(std::optional<Timestamp> time) { return time ? json_text(to_iso8601(*time)) : "null"; }

std::string json_real(double number) { return std::isfinite(number) ? fmt::format("{}", number) : "null"; }

std::string json_members(const store::ViewRows& rows, std::size_t row) {
  std::string out;
  append_members(out, rows, row);
  return out;
}

std::string json_array(const store::ViewRows& rows) {
  std::string out = "[";
  for (std::size_t row = 0; row < rows.count(); ++row) {
    out += row > 0 ? ",{" : "{";
    append_members(out, rows, row);
    out.push_back('}');
  }
  out.push_back(']');
  return out;
}

Response error_response(unsigned status, std::string_view message) {
  return {status, fmt::format("{{\"error\":{{\"code\":\"{}\",\"message\":{}}}}}\n", code_of(status), json_text(message))};
}

}  // namespace candled::server
