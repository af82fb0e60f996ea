#include "candled/simulator/test_certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace candled::simulator {
namespace {

constexpr long day_seconds = 86'400;
constexpr long valid_days = 3'650;

template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freer<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freer<X509_EXTENSION_free>>;
using Memory = std::unique_ptr<BIO, Freer<BIO_free_all>>;

struct Identity {
  Key key;
  Certificate certificate;
};

bool add_extension(X509* certificate, X509* issuer, int id, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str()));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool set_name(X509* certificate, const std::string& name) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(name.data());
  return X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8, bytes,
                                    static_cast<int>(name.size()), -1, 0) == 1;
}

bool set_serial(X509* certificate) {
  std::uint32_t serial = 0;
  return RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1 &&
         ASN1_INTEGER_set(X509_get_serialNumber(certificate), static_cast<long>(serial >> 1) + 1) == 1;
}

// A key and an unsigned certificate with its name, serial number and dates; null on failure.
Identity begin_identity(const std::string& name) {
  Identity identity{Key(EVP_EC_gen("P-256")), Certificate(X509_new())};
  X509* const certificate = identity.certificate.get();
  const bool good = identity.key && certificate != nullptr && X509_set_version(certificate, 2) == 1 &&
                    set_serial(certificate) &&
                    X509_gmtime_adj(X509_getm_notBefore(certificate), -day_seconds) != nullptr &&
                    X509_gmtime_adj(X509_getm_notAfter(certificate), valid_days * day_seconds) != nullptr &&
                    X509_set_pubkey(certificate, identity.key.get()) == 1 && set_name(certificate, name);
  return good ? std::move(identity) : Identity{};
}

Identity make_authority() {
  Identity ca = begin_identity("candled test authority");
  if (!ca.key) return {};
  X509* const certificate = ca.certificate.get();
  const bool good = X509_set_issuer_name(certificate, X509_get_subject_name(certificate)) == 1 &&
                    add_extension(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
                    add_extension(certificate, certificate, NID_key_usage, "critical,keyCertSign,cRLSign") &&
                    add_extension(certificate, certificate, NID_subject_key_identifier, "hash") &&
                    X509_sign(certificate, ca.key.get(), EVP_sha256()) > 0;
  return good ? std::move(ca) : Identity{};
}

Identity make_server(const Identity& ca, const std::vector<std::string>& host_names) {
  Identity server = begin_identity("candled local exchange");
  if (!server.key) return {};
  std::string names = "DNS:localhost,IP:127.0.0.1,IP:::1";
  for (const std::string& host : host_names) names += ",DNS:" + host;
  X509* const certificate = server.certificate.get();
  X509* const issuer = ca.certificate.get();
  const bool good = X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) == 1 &&
                    add_extension(certificate, issuer, NID_basic_constraints, "critical,CA:FALSE") &&
                    add_extension(certificate, issuer, NID_key_usage, "critical,digitalSignature") &&
                    add_extension(certificate, issuer, NID_ext_key_usage, "serverAuth") &&
                    add_extension(certificate, issuer, NID_subject_alt_name, names) &&
                    add_extension(certificate, issuer, NID_authority_key_identifier, "keyid") &&
                    X509_sign(certificate, ca.key.get(), EVP_sha256()) > 0;
  return good ? std::move(server) : Identity{};
}

std::string pem_text(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

std::string pem_of(X509* certificate) {
  const Memory memory(BIO_new(BIO_s_mem()));
  return memory && PEM_write_bio_X509(memory.get(), certificate) == 1 ? pem_text(memory.get()) : std::string();
}

std::string pem_of(EVP_PKEY* key) {
  const Memory memory(BIO_new(BIO_s_mem()));
  const bool written =
      memory && PEM_write_bio_PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1;
  return written ? pem_text(memory.get()) : std::string();
}

Result<void> write_file(const std::string& path, const std::string& text, mode_t mode) {
  ::unlink(path.c_str());
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  const bool written = file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const int reason = errno;
  if (file >= 0) ::close(file);
  if (!written) return refuse("cannot write '" + path + "': " + std::strerror(reason));
  return {};
}

}  // namespace

Result<TestCertificates> write_test_certificates(const std::string& directory,
                                                 const std::vector<std::string>& host_names) {
  const Identity ca = make_authority();
  const Identity server = ca.key ? make_server(ca, host_names) : Identity{};
  if (!server.key) return refuse("OpenSSL could not make a test certificate (is each host name a valid one?)");
  const TestCertificates files{directory + "/ca.pem", directory + "/server.pem", directory + "/server.key"};
  if (Result<void> done = write_file(files.ca_file, pem_of(ca.certificate.get()), 0644); !done)
    return std::unexpected(done.error());
  if (Result<void> done = write_file(files.certificate_file, pem_of(server.certificate.get()), 0644); !done) {
    return std::unexpected(done.error());
  }
  if (Result<void> done = write_file(files.key_file, pem_of(server.key.get()), 0600); !done)
    return std::unexpected(done.error());
  return files;
}

}  // namespace candled::simulator
