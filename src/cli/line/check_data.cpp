// check data: is what is stored whole?
#include <CLI/CLI.hpp>

#include <memory>

#include "candled/cli/commands.hpp"
#include "candled/cli/line/line.hpp"

namespace candled::cli {

Command check_data_command(CLI::App& check, const CommonOptions& common) {
  auto options = std::make_shared<CheckDataOptions>();
  CLI::App* line =
      check.add_subcommand("data", "Is the stored data complete? Exit 0 if it is, 1 if not; works while a daemon runs");
  line->fallthrough();
  line->add_flag("--offline", options->offline, "do not compare with the exchange's own candles");
  line->footer(
      "All markets of the file, or those of --market. Whole: every id between the first and the last is stored, every "
      "candle is known.\n--json, for programs, works here too.");
  return {line, [&common, options, &check] {
            options->as_json = check.get_option("--json")->as<bool>();
            options->markets = common.markets;
            return run_check_data(common.load(), *options);
          }};
}

}  // namespace candled::cli
