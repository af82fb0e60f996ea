// status: what a running daemon is doing.
#include <CLI/CLI.hpp>

#include <memory>

#include "candled/cli/commands.hpp"
#include "candled/cli/line/line.hpp"

namespace candled::cli {

Commands status_commands(CLI::App& app, const CommonOptions& common) {
  CLI::App* status = app.add_subcommand("status", "What a running daemon is doing")->fallthrough();
  auto options = std::make_shared<StatusOptions>();
  status->add_flag("--watch", options->watch, "repeat every two seconds, until Ctrl-C");
  status->add_flag("--json", options->as_json, "for programs");
  status->add_option("--address", options->address, "ADDRESS:PORT of the daemon; overrides [server] listen");
  return {{status, [&common, options] { return run_status(common.load(), *options); }}};
}

}  // namespace candled::cli
