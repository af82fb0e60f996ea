// What the JSON writer of `domain` makes, read by a parser that shares no line with it: this room has one.
#include <simdjson.h>

#include <catch2/catch.hpp>
#include <random>

#include "candled/domain/json_writer.hpp"
#include "candled/domain/utf8.hpp"

using namespace candled;

namespace {

// The text that comes back when `text` is written as a key, as a value and within JSON, and all of it is parsed.
std::string there_and_back(std::string_view text) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().member("first", text).key(text).begin_array().value(text).end_array().end_object();
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  INFO(out);
  REQUIRE(parser.parse(simdjson::padded_string(out)).get(root) == simdjson::SUCCESS);
  std::string_view first, value;
  REQUIRE(root["first"].get(first) == simdjson::SUCCESS);
  std::string mended;
  append_utf8(mended, text);
  if (mended != "first") {
    REQUIRE(root[mended].at(0).get(value) == simdjson::SUCCESS);
    REQUIRE(value == first);
  }
  REQUIRE(first == mended);
  return std::string(first);
}

}  // namespace

TEST_CASE("every byte makes valid JSON, and ASCII comes back as it went in") {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text(1, static_cast<char>(byte));
    CHECK(there_and_back(text) == (byte < 0x80 ? text : "\ufffd"));
    there_and_back("a" + text + "b");
    there_and_back(text + text + text);
  }
}

TEST_CASE("random bytes make valid JSON") {
  constexpr std::string_view special = "\"\\\xf0\x9f\xe2\x80\xc3\xed\n{}[]";
  std::mt19937 random(3);
  for (int i = 0; i < 50'000; ++i) {
    std::string text(random() % 32, '\0');
    for (char& c : text) c = random() % 4 == 0 ? special[random() % special.size()] : static_cast<char>(random() % 256);
    there_and_back(text);
  }
}
