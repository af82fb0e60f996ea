// features, and check features: what the model sees, and the proof that it sees no future.
#include <CLI/CLI.hpp>

#include <memory>

#include "candled/cli/commands.hpp"
#include "candled/cli/line/line.hpp"

namespace candled::cli {

Commands features_commands(CLI::App& app, const CommonOptions& common) {
  CLI::App* features = app.add_subcommand("features", "The features that the model sees")->fallthrough();
  features->require_subcommand(1);
  CLI::App* list = features->add_subcommand("list", "Every feature: name, parameters, formula, unit, warm-up, source")
                       ->fallthrough();
  auto json = std::make_shared<bool>(false);
  list->add_flag("--json", *json, "for programs");
  return {{list, [&common, json] { return run_features_list(common.load(), *json); }}};
}

Command check_features_command(CLI::App& check, const CommonOptions& common) {
  auto options = std::make_shared<CheckFeaturesOptions>();
  CLI::App* line = check.add_subcommand(
      "features", "Cuts stored history at random places and checks that no feature row looks ahead");
  line->fallthrough();
  line->add_option("--cuts", options->cuts, "number of cuts")->check(CLI::Range(1, 100'000'000))->capture_default_str();
  line->add_option("--seed", options->seed, "seed for the places")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  line->footer(
      "Also prints each feature's true warm-up: how many candles until it no longer matters where history "
      "began.\n--json, for programs, works here too.");
  return {line, [&common, options, &check] {
            options->as_json = check.get_option("--json")->as<bool>();
            return run_check_features(common.load(), *options);
          }};
}

}  // namespace candled::cli
