// One GET to a daemon on this machine or near by: enough HTTP for `candled status`.
#pragma once

#include <string>

#include "candled/domain/result.hpp"

namespace candled::cli {

struct HttpAnswer {
  int status = 0;
  std::string body;
};

// `listen` as in the config: 127.0.0.1:8501, [::1]:8501, localhost:8501; 0.0.0.0 and [::] mean this machine.
Result<HttpAnswer> http_get(const std::string& listen, const std::string& target, const std::string& accept, const std::string& token);

}  // namespace candled::cli
