// Request and Response as plain values: what the routes see, without a socket or a library.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace candled::server {

enum class Method : std::uint8_t { get, post, other };  // HEAD is get without the body

struct Request {
  std::string target;               // as sent: "/api/v1/candles?limit=3"
  std::optional<std::string> host;  // empty when the client sent none, or several; so are the next ones
  std::optional<std::string> authorization;
  Method method = Method::get;
  std::string accept = {}, accept_encoding = {}, if_none_match = {}, last_event_id = {};
};

struct Response {
  unsigned status = 200;
  std::string body;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers = {};  // further ones
  bool gzipped = false;                                           // the body is
  // The request is let in to the event stream: the connection stays open behind this header, and the body is not used.
  bool event_stream = false;
};

// {"error":{"code":"not_found","message":"..."}}; the code goes with the status.
Response error_response(unsigned status, std::string_view message);

}  // namespace candled::server
