// compact: the file made small.
#include <CLI/CLI.hpp>

#include <memory>

#include "candled/cli/commands.hpp"
#include "candled/cli/line/line.hpp"

namespace candled::cli {

Commands storage_commands(CLI::App& app, const CommonOptions& common) {
  CLI::App* compact =
      app.add_subcommand("compact", "Returns free space in the file to the disk; not while a daemon uses the file")
          ->fallthrough();
  auto json = std::make_shared<bool>(false);
  compact->add_flag("--json", *json, "for programs");
  return {{compact, [&common, json] { return run_compact(common.load(), *json); }}};
}

}  // namespace candled::cli
