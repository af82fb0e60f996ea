#include "candled/ingest/check.hpp"

#include "net/tls.hpp"
#include "candled/net/url.hpp"

namespace candled::ingest {

Result<void> check_settings(const ExchangeSettings& settings) {
  for (const std::string* text : {&settings.websocket_url, &settings.rest_url}) {
    if (const Result<net::Url> url = net::parse_url(*text); !url) return std::unexpected(url.error());
  }
  if (const Result<net::TlsContext> tls = net::make_tls_context(settings.ca_file); !tls) return std::unexpected(tls.error());
  return {};
}

}  // namespace candled::ingest
