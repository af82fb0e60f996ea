#include "server/compression.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>

#include "candled/domain/result.hpp"

namespace candled::server {
namespace {

constexpr int gzip_window = 15 + 16;  // zlib's way to say "with the header of gzip"
constexpr int memory_level = 8;

// zlib does not change its input, but its interface says so only when compiled for it.
Bytef* input_of(const void* bytes) { return static_cast<Bytef*>(const_cast<void*>(bytes)); }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

}  // namespace

std::string gzip(std::string_view text) {
  z_stream stream{};
  // The quickest level: on answers of rows it gives four fifths of what the best one does, in a fifth of the time.
  if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, gzip_window, memory_level, Z_DEFAULT_STRATEGY) != Z_OK) {
    invariant_failed("zlib does not start");
  }
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = input_of(text.data());
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = static_cast<Bytef*>(static_cast<void*>(out.data()));
  stream.avail_out = static_cast<uInt>(out.size());
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) invariant_failed("zlib does not compress");
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string gunzip(std::span<const unsigned char> bytes) {
  z_stream stream{};
  if (inflateInit2(&stream, gzip_window) != Z_OK) invariant_failed("zlib does not start");
  stream.next_in = input_of(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string out;
  std::array<char, 65'536> part{};
  for (int code = Z_OK; code != Z_STREAM_END;) {
    stream.next_out = static_cast<Bytef*>(static_cast<void*>(part.data()));
    stream.avail_out = static_cast<uInt>(part.size());
    code = inflate(&stream, Z_NO_FLUSH);
    if (code != Z_OK && code != Z_STREAM_END) invariant_failed("an embedded file is damaged");
    out.append(part.data(), part.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  return out;
}

bool accepts_gzip(std::string_view accept_encoding) {
  while (!accept_encoding.empty()) {
    const std::size_t comma = std::min(accept_encoding.find(','), accept_encoding.size());
    const std::string_view one = accept_encoding.substr(0, comma);
    accept_encoding.remove_prefix(std::min(comma + 1, accept_encoding.size()));
    const std::size_t semicolon = std::min(one.find(';'), one.size());
    const std::string_view weight = trimmed(one.substr(std::min(semicolon + 1, one.size())));
    const bool refused = weight.starts_with("q=0") && weight.find_first_of("123456789") == std::string_view::npos;
    if (trimmed(one.substr(0, semicolon)) == "gzip" && !refused) return true;
  }
  return false;
}

}  // namespace candled::server
