#include "candled/domain/json_writer.hpp"

#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>
#include <vector>

#include "candled/domain/utf8.hpp"

namespace candled {
namespace {

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

template <class Value>
std::string written(const Value& value) {
  std::string out;
  JsonWriter(out).value(value);
  return out;
}

}  // namespace

TEST_CASE("the writer puts commas and brackets where they belong") {
  std::string out = "data: ";
  JsonWriter json(out);
  json.begin_object()
      .member("a", 1)
      .key("b")
      .begin_array()
      .value("x")
      .value(true)
      .begin_object()
      .end_object()
      .end_array();
  json.key("c")
      .begin_object()
      .member("d", nullptr)
      .end_object()
      .member("e", std::optional<double>())
      .key("f")
      .begin_array()
      .end_array();
  json.key("g").values(std::vector<std::string>{"p", "q"}).key("h").json("[1, 2]").end_object();
  CHECK(out == R"(data: {"a":1,"b":["x",true,{}],"c":{"d":null},"e":null,"f":[],"g":["p","q"],"h":[1, 2]})");
}

TEST_CASE("white space stands before the next token, once") {
  std::string out;
  JsonWriter json(out);
  json.begin_object().space("\n  ").key("a").space(" ").begin_array();
  json.space("\n    ")
      .value(1)
      .value(2)
      .space("\n  ")
      .end_array()
      .space("\n  ")
      .key("b")
      .space(" ")
      .value(3)
      .space("\n")
      .end_object();
  CHECK(out == "{\n  \"a\": [\n    1,2\n  ],\n  \"b\": 3\n}");
}

TEST_CASE("numbers read back as the same number, and what is none is null") {
  CHECK(written(0.1) == "0.1");
  CHECK(written(1.0) == "1");
  CHECK(written(1e300) == "1e+300");
  CHECK(written(std::nan("")) == "null");
  CHECK(written(-std::numeric_limits<double>::infinity()) == "null");
  CHECK(written(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
  CHECK(written(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
  std::mt19937_64 random(7);
  for (int i = 0; i < 10'000; ++i) {
    const double number = std::bit_cast<double>(random());
    if (std::isfinite(number)) CHECK(std::strtod(written(number).c_str(), nullptr) == number);
  }
  std::string out;
  JsonWriter(out)
      .begin_array()
      .fixed(0.5, 3)
      .rounded(1.0 / 3, 6)
      .rounded(2, 6)
      .fixed(std::nan(""), 1)
      .rounded(INFINITY, 2)
      .end_array();
  CHECK(out == "[0.500,0.333333,2,null,null]");
}

TEST_CASE("texts are escaped and their UTF-8 is kept or mended") {
  CHECK(written("a\"b\\c\n\x7f") == R"("a\"b\\c\u000a\u007f")");
  CHECK(written(std::string("\0x", 2)) == R"("\u0000x")");
  CHECK(written("zł € 𝄞") == "\"zł € 𝄞\"");
  CHECK(written("\xff") == "\"\ufffd\"");
  CHECK(written("\xc0\xaf") == "\"\ufffd\ufffd\"");                        // overlong
  CHECK(written("\xed\xa0\x80") == "\"\ufffd\ufffd\ufffd\"");              // a surrogate
  CHECK(written("\xf4\x90\x80\x80x") == "\"\ufffd\ufffd\ufffd\ufffdx\"");  // above U+10FFFF
  CHECK(written("\xe2\x82") == "\"\ufffd\ufffd\"");                        // cut off
  std::string out;
  JsonWriter(out).begin_object().member("k\xff\"", 1).key("j").json("\"\xff\"").end_object();
  CHECK(out == "{\"k\ufffd\\\"\":1,\"j\":\"\ufffd\"}");
}

TEST_CASE("UTF-8 is told from other bytes as RFC 3629 says") {
  std::size_t characters = 0;
  for (unsigned long number = 0; number < 0x200000; ++number) {
    // Each length that could hold the number; only the shortest one of a scalar value is valid.
    std::string text;
    const auto tail = [&](int shift) { text += static_cast<char>(0x80 | ((number >> shift) & 0x3f)); };
    std::size_t shortest = 0;
    if (number < 0x80) {
      text += static_cast<char>(number);
      shortest = 1;
    } else if (number < 0x800) {
      text += static_cast<char>(0xc0 | (number >> 6));
      tail(0);
      shortest = 2;
    } else if (number < 0x10000) {
      text += static_cast<char>(0xe0 | (number >> 12));
      tail(6);
      tail(0);
      shortest = number >= 0xd800 && number < 0xe000 ? 0 : 3;
    } else {
      text += static_cast<char>(0xf0 | (number >> 18));
      tail(12);
      tail(6);
      tail(0);
      shortest = number < 0x110000 ? 4 : 0;
    }
    if (utf8_length(text) != shortest) FAIL("U+" << std::hex << number);
    if (shortest > 1 && utf8_length(text.substr(0, text.size() - 1)) != 0) FAIL("cut off U+" << std::hex << number);
    characters += shortest > 0 ? 1 : 0;
  }
  CHECK(characters == 0x110000 - 0x800);
}

TEST_CASE("random bytes come out as valid UTF-8") {
  std::mt19937 random(11);
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes(random() % 24, '\0');
    for (char& c : bytes) c = static_cast<char>(random() % 256);
    std::string mended;
    append_utf8(mended, bytes);
    CHECK(is_utf8(mended));
    if (is_utf8(bytes)) CHECK(mended == bytes);
  }
}

}  // namespace candled
