#include "candled/ingest/check.hpp"

#include "ingest/tls.hpp"
#include "ingest/url.hpp"

namespace candled::ingest {

Result<void> check_settings(const ExchangeSettings& settings) {
  for (const std::string* text : {&settings.websocket_url, &settings.rest_url}) {
    if (const Result<Url> url = parse_url(*text); !url) return std::unexpected(url.error());
  }
  if (const Result<TlsContext> tls = make_tls_context(settings.ca_file); !tls) return std::unexpected(tls.error());
  return {};
}

}  // namespace candled::ingest
