#include "candled/domain/utf8.hpp"

namespace candled {

std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const auto follow = [&](std::size_t at, unsigned low, unsigned high) {
    return at < text.size() && byte(at) >= low && byte(at) <= high;
  };
  const auto plain = [&](std::size_t at) { return follow(at, 0x80, 0xbf); };
  if (text.empty()) return 0;
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return plain(1) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    const unsigned low = lead == 0xe0 ? 0xa0 : 0x80, high = lead == 0xed ? 0x9f : 0xbf;
    return follow(1, low, high) && plain(2) ? 3 : 0;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    const unsigned low = lead == 0xf0 ? 0x90 : 0x80, high = lead == 0xf4 ? 0x8f : 0xbf;
    return follow(1, low, high) && plain(2) && plain(3) ? 4 : 0;
  }
  return 0;
}

void append_utf8(std::string& out, std::string_view text) {
  while (!text.empty()) {
    std::size_t valid = 0, length = 0;
    do {
      valid += length;
      while (valid < text.size() && static_cast<unsigned char>(text[valid]) < 0x80) ++valid;
      length = utf8_length(text.substr(valid));
    } while (length > 0);
    out += text.substr(0, valid);
    text.remove_prefix(valid);
    if (text.empty()) return;
    out += "\xef\xbf\xbd";
    text.remove_prefix(1);
  }
}

}  // namespace candled
