// A file of certificate authorities that changes is read again for the next connection; one that is gone meanwhile is trusted as it was.
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "net/tls.hpp"

namespace candled::net {
namespace {

namespace fs = std::filesystem;

// A certificate that signs itself, as PEM.
std::string authority(const char* name) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  const std::unique_ptr<X509, decltype(&X509_free)> made(X509_new(), &X509_free);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), 3600);
  X509_set_pubkey(made.get(), key.get());
  X509_NAME* const subject = X509_get_subject_name(made.get());
  std::string text(name);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, static_cast<unsigned char*>(static_cast<void*>(text.data())),
                             -1, -1, 0);
  X509_set_issuer_name(made.get(), subject);
  REQUIRE(X509_sign(made.get(), key.get(), EVP_sha256()) > 0);
  const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), &BIO_free);
  PEM_write_bio_X509(out.get(), made.get());
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(out.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

// The name of the one authority that the context trusts.
std::string trusted(const Result<TlsContext>& context) {
  REQUIRE(context.has_value());
  X509_STORE* const store = SSL_CTX_get_cert_store((*context)->native_handle());
  const STACK_OF(X509_OBJECT)* const all = X509_STORE_get0_objects(store);
  REQUIRE(sk_X509_OBJECT_num(all) == 1);
  char name[64] = {};
  X509_NAME_get_text_by_NID(X509_get_subject_name(X509_OBJECT_get0_X509(sk_X509_OBJECT_value(all, 0))), NID_commonName,
                            name, sizeof name);
  return name;
}

}  // namespace

TEST_CASE("authorities: a file that is replaced is read again, one that is gone or half written is trusted as it was") {
  const fs::path folder = fs::temp_directory_path() / ("candled_authorities" + std::to_string(::getpid()));
  fs::create_directories(folder);
  const fs::path file = folder / "ca.pem", next = folder / "next.pem";
  std::ofstream(file) << authority("first");
  Authorities authorities;
  const Result<TlsContext> first = authorities.of(file.string());
  CHECK(trusted(first) == "first");
  CHECK(*authorities.of(file.string()) == *first);
  std::ofstream(next) << authority("second");
  fs::rename(next, file);
  CHECK(trusted(authorities.of(file.string())) == "second");
  std::ofstream(file) << "not a certificate";
  CHECK(trusted(authorities.of(file.string())) == "second");
  fs::remove(file);
  CHECK(trusted(authorities.of(file.string())) == "second");
  std::ofstream(file) << authority("third");
  CHECK(trusted(authorities.of(file.string())) == "third");
  CHECK_FALSE(Authorities().of((folder / "none.pem").string()).has_value());
  CHECK(Authorities().of("").has_value());
  fs::remove_all(folder);
}

}  // namespace candled::net
