#include "model/sha256.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>

#include "candled/domain/result.hpp"

namespace candled::model {

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1 || size != 32) {
    invariant_failed("SHA-256 is not available");
  }
  std::string text;
  for (unsigned i = 0; i < size; ++i) text += fmt::format("{:02x}", static_cast<unsigned>(digest[i]));
  return text;
}

}  // namespace candled::model
