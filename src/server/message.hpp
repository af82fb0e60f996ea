// Request and Response as plain values: what the routes see, without a socket or a library.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace candled::server {

struct Request {
  std::string target;               // as sent: "/api/v1/candles?limit=3"
  std::optional<std::string> host;  // empty when the client sent none, or several
  std::optional<std::string> authorization;
};

struct Response {
  unsigned status = 200;
  std::string body;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers = {};  // further ones
};

// {"error":"..."}
Response error_response(unsigned status, std::string_view message);

}  // namespace candled::server
