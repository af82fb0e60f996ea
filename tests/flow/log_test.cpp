#include "candled/flow/log.hpp"

#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace candled::flow;

namespace {

std::string written_by(LogFormat format, LogLevel level) {
  const auto file = std::filesystem::temp_directory_path() / "candled_log_test.log";
  std::filesystem::remove(file);
  Log log({level, format, file.string(), {}});
  log.debug("hidden at info");
  log.info("candle closed", {{"market", "kraken:BTC/USD"}, {"note", "two words\nand a \"line\""}});
  REQUIRE(log.reopen().has_value());
  log.error("after reopen");
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("text lines keep one event on one line") {
  const std::string text = written_by(LogFormat::text, LogLevel::info);
  CHECK(text.find("info    candle closed  market=kraken:BTC/USD note=\"two words\\u000aand a \\\"line\\\"\"\n") !=
        std::string::npos);
  CHECK(text.find("hidden") == std::string::npos);
  CHECK(text.find("after reopen") != std::string::npos);
  CHECK(std::count(text.begin(), text.end(), '\n') == 2);
}

TEST_CASE("JSON lines escape what JSON must") {
  const std::string text = written_by(LogFormat::json, LogLevel::debug);
  CHECK(text.find(R"("event":"candle closed","market":"kraken:BTC/USD","note":"two words\u000aand a \"line\""})") !=
        std::string::npos);
  CHECK(text.find("hidden at info") != std::string::npos);
}

TEST_CASE("JSON lines are valid UTF-8 whatever a text holds") {
  const auto file = std::filesystem::temp_directory_path() / "candled_log_utf8_test.log";
  std::filesystem::remove(file);
  Log({LogLevel::info, LogFormat::json, file.string(), "de\"mo"})
      .info("bad \xff input", {{"host", "\xc3("}, {"z", "z\xc5\x82"}});
  std::ifstream in(file);
  std::string line;
  REQUIRE(std::getline(in, line));
  CHECK(line.find("\"event\":\"bad \ufffd input\",\"mark\":\"de\\\"mo\",\"host\":\"\ufffd(\",\"z\":\"z\u0142\"}") !=
        std::string::npos);
}

TEST_CASE("a log file that cannot be opened is named") {
  CHECK_THROWS_WITH(Log({LogLevel::info, LogFormat::text, "/nonexistent/dir/x.log", {}}),
                    Catch::Contains("/nonexistent/dir/x.log"));
}
