// candled features list: every feature there is, explained.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "candled/cli/commands.hpp"
#include "candled/domain/json_writer.hpp"
#include "candled/features/catalogue.hpp"

namespace candled::cli {
namespace {

void write_family(JsonWriter& json, const features::FamilyInfo& info) {
  json.begin_object()
      .member("pattern", info.pattern)
      .member("example", info.example)
      .key("parameters")
      .values(info.parameters);
  json.member("formula", info.formula)
      .member("unit", info.unit)
      .member("source", info.source)
      .member("needs", to_text(info.needs));
  json.member("warm_up_candles", info.warm_up_candles).member("for_the_model", info.for_the_model).end_object();
}

// One family a line.
void print_json(const std::vector<features::FamilyInfo>& infos, const std::vector<std::string>& list) {
  fmt::print("{}\n", json_object([&](JsonWriter& json) {
               json.key("features").begin_array();
               for (const features::FamilyInfo& info : infos)
                 write_family(json.space(&info == &infos.front() ? "" : "\n"), info);
               json.end_array().key("list").values(list).key("indicators").values(features::raw_indicators());
             }));
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
  const std::vector<std::string>& list =
      config.features.list.empty() ? features::default_features() : config.features.list;
  if (json) {
    print_json(infos, list);
    return 0;
  }
  fmt::print("Words in capitals stand for numbers: rsi_N makes rsi_14. A period is 1 to 10000 candles.\n\n");
  for (const features::FamilyInfo& info : infos) print_family(info);
  fmt::print("\n{} patterns. The model's list {}, {} features:\n{}\n", infos.size(),
             config.features.list.empty() ? "(the default)" : "of [features] list", list.size(), fmt::join(list, " "));
  return 0;
}

}  // namespace candled::cli
