// check: would it start?
#include <CLI/CLI.hpp>

#include <memory>

#include "candled/cli/commands.hpp"
#include "candled/cli/line/line.hpp"

namespace candled::cli {

Commands check_commands(CLI::App& app, const CommonOptions& common) {
  CLI::App* check = app.add_subcommand("check", "Config and environment, before a start")->fallthrough();
  auto json = std::make_shared<bool>(false);
  CLI::Option* json_flag = check->add_flag("--json", *json, "for programs");
  auto fix = std::make_shared<bool>(false);
  check->add_flag("--fix", *fix, "replace former names of keys in the config file; nothing else changes")
      ->excludes(json_flag);
  auto quick = std::make_shared<bool>(false);
  check->add_flag("--quick", *quick, "leave out the look at every page of the database")->excludes("--fix");
  // The command behind the command first: main runs the first that was called.
  return {check_features_command(*check, common),
          check_data_command(*check, common),
          {check, [&common, json, fix, quick] {
             return *fix ? run_fix(common.config) : run_check(common.load(), {*quick, *json});
           }}};
}

}  // namespace candled::cli
