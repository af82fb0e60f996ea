// TLS for both clients: version 1.2 or later, the certificate checked against the host, SNI, HTTP/1.1 by ALPN.
#pragma once

#include <openssl/ssl.h>

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

#include "candled/net/url.hpp"

namespace candled::net {

using TlsContext = std::shared_ptr<boost::asio::ssl::context>;

// ca_file: PEM with the authorities to trust; empty: the system's. Refuses a file that cannot be read.
Result<TlsContext> make_tls_context(const std::string& ca_file);

// Before the handshake: SNI and what the certificate has to say.
Result<void> prepare_tls(SSL* ssl, const Url& url);

// After a failed handshake: what was wrong with the certificate, or the plain error when it was not that.
std::string tls_problem(SSL* ssl, const Url& url, const std::string& error);

}  // namespace candled::net
