// candled features list: every feature there is, explained.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "candled/cli/commands.hpp"
#include "candled/features/catalogue.hpp"

namespace candled::cli {
namespace {

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string json_list(const std::vector<std::string>& texts) {
  std::vector<std::string> items;
  for (const std::string& text : texts) items.push_back(quoted(text));
  return fmt::format("[{}]", fmt::join(items, ","));
}

std::string as_json(const features::FamilyInfo& info) {
  return fmt::format(
      "{{\"pattern\":{},\"example\":{},\"parameters\":{},\"formula\":{},\"unit\":{},\"source\":{},\"needs\":{},\"warm_up_candles\":{},"
      "\"for_the_model\":{}}}",
      quoted(info.pattern), quoted(info.example), json_list(info.parameters), quoted(info.formula), quoted(info.unit),
      quoted(info.source), quoted(to_text(info.needs)), info.warm_up_candles, info.for_the_model);
}

void print_family(const features::FamilyInfo& info) {
  fmt::print("{}{}\n", info.pattern, info.for_the_model ? "" : "  (chart only: carries a price or a volume)");
  fmt::print("    {}\n    unit {}; source {}; needs {}\n", info.formula, info.unit, info.source, to_text(info.needs));
  fmt::print("    such as {}, known from candle {} on", info.example, info.warm_up_candles);
  if (!info.parameters.empty()) fmt::print("; {}", fmt::join(info.parameters, "; "));
  fmt::print("\n");
}

}  // namespace

int run_features_list(const config::Config& config, bool json) {
  const std::vector<features::FamilyInfo> infos = features::catalogue();
  const std::vector<std::string>& list = config.features.list.empty() ? features::default_features() : config.features.list;
  if (json) {
    std::vector<std::string> items;
    for (const features::FamilyInfo& info : infos) items.push_back(as_json(info));
    fmt::print("{{\"features\":[{}],\"list\":{},\"indicators\":{}}}\n", fmt::join(items, ",\n"), json_list(list),
               json_list(features::raw_indicators()));
    return 0;
  }
  fmt::print("Words in capitals stand for numbers: rsi_N makes rsi_14. A period is 1 to 10000 candles.\n\n");
  for (const features::FamilyInfo& info : infos) print_family(info);
  fmt::print("\n{} patterns. The model's list {}, {} features:\n{}\n", infos.size(),
             config.features.list.empty() ? "(the default)" : "of [features] list", list.size(), fmt::join(list, " "));
  return 0;
}

}  // namespace candled::cli
