#include "candled/ingest/check.hpp"

#include "candled/net/url.hpp"

namespace candled::ingest {

Result<void> check_settings(const ExchangeSettings& settings, flow::World& world) {
  for (const std::string* text : {&settings.websocket_url, &settings.rest_url}) {
    if (const Result<net::Url> url = net::parse_url(*text); !url) return std::unexpected(url.error());
  }
  return world.check_authorities(settings.ca_file);
}

}  // namespace candled::ingest
