#include "net/tls.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <array>

#include "candled/net/endpoint.hpp"

namespace candled::net {
namespace {

constexpr std::array<unsigned char, 9> alpn_http_1_1 = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

std::string last_openssl_error() {
  std::array<char, 160> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  return text.data();
}

Result<TlsContext> make_tls_context(const std::string& ca_file) {
  namespace ssl = boost::asio::ssl;
  auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  context->set_verify_mode(ssl::verify_peer);
  boost::system::error_code error;
  if (ca_file.empty()) {
    context->set_default_verify_paths(error);
    if (error) return refuse("cannot load the system's certificate authorities: " + error.message());
  } else {
    context->load_verify_file(ca_file, error);
    if (error) return refuse("cannot read ca_file '" + ca_file + "': " + error.message());
  }
  return context;
}

}  // namespace

Authorities::Stamp Authorities::stamp_of(const std::string& ca_file) {
  const std::string file = ca_file.empty() ? X509_get_default_cert_file() : ca_file;
  struct stat status{};
  if (::stat(file.c_str(), &status) != 0) return {};
  return {status.st_ino, status.st_size, std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec};
}

Result<TlsContext> Authorities::of(const std::string& ca_file) {
  const Stamp stamp = stamp_of(ca_file);
  const auto known = read_.find(ca_file);
  if (known != read_.end() && known->second.stamp == stamp) return known->second.context;
  Result<TlsContext> context = make_tls_context(ca_file);
  if (!context && known != read_.end())
    return known->second.context;  // it is being replaced; the next connection looks again
  if (context) read_.insert_or_assign(ca_file, Read{stamp, *context});
  return context;
}

Result<void> prepare_tls(SSL* ssl, const std::string& host) {
  const auto failed = [](const char* what) { return refuse(std::string(what) + ": " + last_openssl_error()); };
  if (SSL_set_alpn_protos(ssl, alpn_http_1_1.data(), alpn_http_1_1.size()) != 0) return failed("cannot set ALPN");
  if (is_ipv4(host) || is_ipv6(host)) {
    // SNI carries names only.
    if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str()) != 1)
      return failed("cannot set address to verify");
    return {};
  }
  SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  if (SSL_set1_host(ssl, host.c_str()) != 1) return failed("cannot set host to verify");
  // What the macro SSL_set_tlsext_host_name does.
  if (SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, const_cast<char*>(host.c_str())) != 1) {
    return failed("cannot set SNI");
  }
  return {};
}

std::string tls_problem(SSL* ssl, const std::string& host, const std::string& error) {
  const long verdict = SSL_get_verify_result(ssl);
  if (verdict == X509_V_OK) return "TLS handshake with " + host + " failed: " + error;
  return "certificate of " + host + " refused: " + X509_verify_cert_error_string(verdict);
}

}  // namespace candled::net
