#include "server/json.hpp"

#include <string_view>

#include "server/message.hpp"

namespace candled::server {
namespace {

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

}  // namespace

void write_members(JsonWriter& json, const store::ViewRows& rows, std::size_t row) {
  const std::size_t width = rows.columns.size();
  for (std::size_t i = 0; i < width; ++i) {
    json.key(rows.columns[i]);
    const store::Cell& cell = rows.cells[row * width + i];
    switch (cell.kind) {
      case store::Cell::Kind::null: json.value(nullptr); break;
      case store::Cell::Kind::text: json.value(cell.text); break;
      case store::Cell::Kind::number:
      case store::Cell::Kind::json: json.json(cell.text); break;
    }
  }
}

void write_rows(JsonWriter& json, const store::ViewRows& rows) {
  json.begin_array();
  for (std::size_t row = 0; row < rows.count(); ++row) {
    json.begin_object();
    write_members(json, rows, row);
    json.end_object();
  }
  json.end_array();
}

Response error_response(unsigned status, std::string_view message) {
  return {status, json_body([&](JsonWriter& json) {
            json.key("error").begin_object().member("code", code_of(status)).member("message", message).end_object();
          })};
}

}  // namespace candled::server
