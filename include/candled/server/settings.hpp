// HttpSettings: [server] of the configuration.
#pragma once

#include <cstdint>
#include <string>

namespace candled {
class Section;
}

namespace candled::server {

struct HttpSettings {
  bool enabled = true;
  std::string listen = "127.0.0.1:8501";
  std::string token;  // required for any address that is not loopback, and then of 32 characters or more
  std::int64_t connections_max = 256;
  double requests_per_second = 500;  // of one address; 0: no limit
};

void describe(Section& section, HttpSettings& settings);

}  // namespace candled::server
