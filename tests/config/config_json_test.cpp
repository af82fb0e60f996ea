// The settings in effect, as the API shows them.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

#include "candled/config/config.hpp"

using namespace candled;
using namespace candled::config;
using Catch::Contains;

namespace {

std::string in_effect(const std::string& text, const ConfigOverrides& overrides = {}) {
  const auto file =
      std::filesystem::temp_directory_path() / ("candled_config_json" + std::to_string(::getpid()) + ".toml");
  std::ofstream(file) << text;
  const std::string json = load_config(file, overrides).in_effect;
  std::filesystem::remove(file);
  return json;
}

}  // namespace

TEST_CASE("the settings in effect stand under the names of the file") {
  const std::string defaults = load_config(std::nullopt, {}).in_effect;
  CHECK_THAT(defaults,
             Catch::StartsWith("{\"storage\":{\"path\":\"candled.sqlite\"") || Contains("\"path\":\"candled.sqlite\""));
  CHECK_THAT(defaults, Contains("\"candles\":{\"interval\":\"1m\",\"grace\":\"1s\"}"));
  CHECK_THAT(defaults, Contains("\"market\":[{\"exchange\":\"kraken\",\"symbol\":\"BTC/USD\"}]"));
  CHECK_THAT(defaults, Contains("\"strategy\":[{\"name\":\"dynamic\",\"kind\":\"dynamic\"},"));
  CHECK_THAT(defaults, Contains("\"token\":\"\""));
  CHECK_THAT(defaults, Contains("\"latency_ms\":250") && Contains("\"fee_bps\":40") && Contains("\"level\":\"info\""));
}

TEST_CASE("what file and command line say is shown, secrets are not") {
  ConfigOverrides overrides;
  overrides.database = "other.sqlite";
  const std::string json = in_effect(
      "[[market]]\nsymbol = 'ETH/USD'\ninterval = '5m'\n[server]\ntoken = 'open-sesame'\n[[strategy]]\nname = "
      "'mine'\nkind = 'balanced'\n"
      "[paper]\nstarting_balance = 123.5\n",
      overrides);
  CHECK_THAT(json, Contains("\"path\":\"other.sqlite\"") && Contains("\"starting_balance\":123.5"));
  CHECK_THAT(json, Contains("\"symbol\":\"ETH/USD\",\"interval\":\"5m\"") &&
                       Contains("\"name\":\"mine\",\"kind\":\"balanced\""));
  CHECK_THAT(json, Contains("\"token\":\"***\"") && !Contains("sesame"));
  overrides.markets = {"kraken:SOL/USD"};
  CHECK_THAT(in_effect("[[market]]\nsymbol = 'ETH/USD'\n", overrides),
             Contains("\"market\":[{\"exchange\":\"kraken\",\"symbol\":\"SOL/USD\"}]"));
}
