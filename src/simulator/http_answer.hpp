// HttpAnswer: what goes back over HTTP.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "candled/domain/time.hpp"

namespace candled::simulator {

constexpr const char* html_type = "text/html; charset=UTF-8";

struct HttpAnswer {
  unsigned status = 200;
  std::string content_type = "application/json";
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};  // besides the content type
  Duration delay = {};                                            // wall time before it is sent
  bool reset = false;                                             // drop the connection instead
};

}  // namespace candled::simulator
