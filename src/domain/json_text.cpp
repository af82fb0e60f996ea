#include "candled/domain/json_text.hpp"

#include "candled/domain/json_writer.hpp"

namespace candled {

std::string json_text(std::string_view text) {
  std::string out;
  JsonWriter(out).value(text);
  return out;
}

std::string json_texts(std::span<const std::string> texts) {
  std::string out;
  JsonWriter(out).values(texts);
  return out;
}

}  // namespace candled
