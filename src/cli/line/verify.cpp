// verify: the proof that live and replay are the same.
#include <CLI/CLI.hpp>

#include <memory>

#include "candled/cli/commands.hpp"
#include "candled/cli/line/line.hpp"

namespace candled::cli {

Commands verify_commands(CLI::App& app, const CommonOptions& common) {
  CLI::App* verify =
      app.add_subcommand(
             "verify", "Replays the record and compares every candle, feature row, prediction, order, fill and balance")
          ->fallthrough();
  auto json = std::make_shared<bool>(false);
  verify->add_flag("--json", *json, "for programs");
  verify->footer(
      R"(Exit 0: all equal, bit for bit; 1: something differs (the first is named), or the record cannot be replayed; 2: wrong usage or config.
Works while a daemon runs on the file. Each run is replayed with the settings it had; [model] directory must still hold its models.

Examples:
  candled verify
  candled --config /etc/candled/candled.toml verify
  candled verify --db copy.sqlite --json)");
  return {{verify, [&common, json] { return run_verify(common.load(), *json); }}};
}

}  // namespace candled::cli
