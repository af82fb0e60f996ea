#include "simulator/target.hpp"

#include <charconv>

namespace candled::simulator {
namespace {

std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    if (text[i] == '%' && i + 2 < text.size()) {
      const char* const begin = text.data() + i + 1;
      if (const auto [end, error] = std::from_chars(begin, begin + 2, value, 16);
          error == std::errc{} && end == begin + 2) {
        out += static_cast<char>(value);
        i += 2;
        continue;
      }
    }
    out += text[i] == '+' ? ' ' : text[i];
  }
  return out;
}

}  // namespace

Target parse_target(std::string_view text) {
  Target target;
  const std::size_t question = text.find('?');
  target.path = decoded(text.substr(0, question));
  if (question == std::string_view::npos) return target;
  std::string_view rest = text.substr(question + 1);
  while (!rest.empty()) {
    const std::size_t end = rest.find('&');
    const std::string_view pair = rest.substr(0, end);
    const std::size_t equals = pair.find('=');
    if (!pair.empty()) {
      target.parameters.emplace_back(decoded(pair.substr(0, equals)), equals == std::string_view::npos
                                                                          ? std::string()
                                                                          : decoded(pair.substr(equals + 1)));
    }
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  }
  return target;
}

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out += '"';
}

}  // namespace candled::simulator
