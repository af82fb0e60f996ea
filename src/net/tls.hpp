// TLS of both kinds of connection: version 1.2 or later, the certificate checked against the host, SNI, HTTP/1.1 by ALPN.
#pragma once

#include <openssl/ssl.h>

#include <boost/asio/ssl/context.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "candled/domain/result.hpp"

namespace candled::net {

using TlsContext = std::shared_ptr<boost::asio::ssl::context>;

// Whom to trust. Reading the system's authorities takes tens of milliseconds, so what was read stays until the file is another: it is
// looked at for each connection.
class Authorities {
 public:
  // ca_file: PEM; empty: the system's. Refuses a file that cannot be read; one that could be before is trusted as it was then.
  Result<TlsContext> of(const std::string& ca_file);

 private:
  // Which file stands there: its number, size and last change, all zero where there is none.
  struct Stamp {
    std::uint64_t number = 0;
    std::int64_t bytes = 0, changed_ns = 0;
    bool operator==(const Stamp&) const = default;
  };
  static Stamp stamp_of(const std::string& ca_file);

  struct Read {
    Stamp stamp;
    TlsContext context;
  };
  std::map<std::string, Read> read_;  // by ca_file
};

// Before the handshake: SNI and what the certificate has to say.
Result<void> prepare_tls(SSL* ssl, const std::string& host);

// After a failed handshake: what was wrong with the certificate, or the plain error when it was not that.
std::string tls_problem(SSL* ssl, const std::string& host, const std::string& error);

}  // namespace candled::net
