// candled check: what a start would trip over, found before it.
#include <fmt/format.h>

#include <algorithm>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "candled/cli/commands.hpp"
#include "candled/config/assembly.hpp"
#include "candled/domain/json_writer.hpp"
#include "candled/flow/clock.hpp"
#include "candled/flow/signals.hpp"
#include "candled/ingest/check.hpp"
#include "candled/net/endpoint.hpp"
#include "candled/net/real_world.hpp"
#include "candled/store/checkpoint_reader.hpp"
#include "candled/store/file_check.hpp"
#include "candled/store/journal_writer.hpp"

namespace candled::cli {
namespace {

struct Finding {
  std::string subject;
  bool good = true;
  std::string detail;
};

// The folder that would hold the path, or the nearest that exists above it.
std::filesystem::path existing_parent(const std::filesystem::path& path) {
  std::filesystem::path folder = std::filesystem::absolute(path).parent_path();
  while (!std::filesystem::exists(folder) && folder.has_relative_path()) folder = folder.parent_path();
  return folder;
}

Finding check_database(const config::Config& config) {
  const std::string path = config.storage.path.string();
  try {
    if (!std::filesystem::exists(config.storage.path)) {
      const std::filesystem::path folder = std::filesystem::absolute(config.storage.path).parent_path();
      const bool writable = ::access(folder.c_str(), W_OK) == 0;
      return {"database", writable,
              path + (writable ? " will be made" : " cannot be made: no writable folder " + folder.string())};
    }
    if (const std::string user = store::database_user(config.storage.path); !user.empty())
      return {"database", false, path + " is " + user};
    const store::CheckpointReader reader(config.storage.path, config.table);
    const store::StreamPosition position = reader.position();
    if (::access(path.c_str(), W_OK) != 0) return {"database", false, path + " is not writable"};
    return {"database", true, fmt::format("{} holds {} committed events", path, position.last_sequence)};
  } catch (const store::StoreError& error) {
    return {"database", false, error.what()};
  }
}

// How far the look at every page is; on a terminal only.
class PagesLine {
 public:
  ~PagesLine() {
    if (drawn_) fmt::print(stderr, "\r\033[K");
  }
  bool show(double part) {
    const Duration now = flow::monotonic_now();
    if (on_terminal_ && now - shown_at_ >= redraw_every) {
      shown_at_ = now;
      drawn_ = true;
      fmt::print(stderr, "\r\033[Kreading every page of the database: {:.0f} %", part * 100);
      std::fflush(stderr);
    }
    return !flow::stop_requested();
  }

 private:
  static constexpr Duration redraw_every = Duration::milliseconds(200);
  const bool on_terminal_ = ::isatty(STDERR_FILENO) == 1;
  bool drawn_ = false;
  Duration shown_at_ = flow::monotonic_now();
};

// Structure and size, page by page.
Finding check_pages(const config::Config& config) {
  PagesLine line;
  const store::FileCheck check = store::check_file(config.storage.path, [&](double part) { return line.show(part); });
  if (!check.finished) return {"pages", false, "stopped before every page of the database was read"};
  if (check.faults.empty())
    return {"pages", true,
            fmt::format("all {:.1f} MB of the database are whole", static_cast<double>(check.bytes) / 1e6)};
  return {
      "pages", false,
      fmt::format("{} is damaged: {}{}; stop what uses it, copy it away with its -wal, and run sqlite3 FILE .recover "
                  "on the copy",
                  config.storage.path.string(), check.faults.front(),
                  check.faults.size() > 1 ? fmt::format(" (and {} more)", check.faults.size() - 1) : "")};
}

Finding check_disk(const config::Config& config) {
  constexpr double gigabyte = 1e9;
  struct statvfs disk{};
  const std::filesystem::path folder = existing_parent(config.storage.path);
  if (::statvfs(folder.c_str(), &disk) != 0)
    return {"disk", false, "cannot ask for the free space of " + folder.string()};
  const double free_gigabytes = static_cast<double>(disk.f_bavail) * static_cast<double>(disk.f_frsize) / gigabyte;
  return {"disk", free_gigabytes >= 1, fmt::format("{:.1f} GB free in {}", free_gigabytes, folder.string())};
}

Finding check_models(const config::Config& config) {
  const std::filesystem::path folder = std::filesystem::exists(config.model.directory)
                                           ? config.model.directory
                                           : existing_parent(config.model.directory);
  const bool writable = ::access(folder.c_str(), W_OK) == 0;
  return {"models", writable, config.model.directory.string() + (writable ? " is writable" : " is not writable")};
}

// Binds the address for a moment, as the server would.
Finding check_port(const config::Config& config) {
  const std::string& listen = config.server.listen;
  if (!config.server.enabled) return {"port", true, "no HTTP ([server] enabled = false)"};
  const std::optional<net::Endpoint> place = net::split_endpoint(listen);
  if (!place || !place->port) return {"port", false, "cannot find " + listen};
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  if (::getaddrinfo(place->host.c_str(), place->port->c_str(), &wanted, &found) != 0)
    return {"port", false, "cannot find " + listen};
  const int descriptor = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int reuse = 1;  // what lingers of a daemon that just stopped is no obstacle
  (void)::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof reuse);
  const bool bound =
      descriptor >= 0 && ::bind(descriptor, found->ai_addr, found->ai_addrlen) == 0 && ::listen(descriptor, 1) == 0;
  const std::string why = bound ? "" : std::strerror(errno);
  if (descriptor >= 0) ::close(descriptor);
  ::freeaddrinfo(found);
  return {"port", bound, listen + (bound ? " is free" : " cannot be listened on: " + why)};
}

std::vector<Finding> check_markets(const config::Config& config) {
  std::vector<Finding> findings;
  for (const Market& market : config.table) {
    const bool has_feed =
        std::ranges::find(config.exchanges, market.exchange, &ingest::ExchangeSettings::name) != config.exchanges.end();
    findings.push_back({"market", has_feed,
                        fmt::format("{} in candles of {}{}", market.name(), to_text(market.interval),
                                    has_feed ? "" : ": there is no feed of this exchange yet")});
  }
  const std::unique_ptr<flow::World> world = net::make_real_world();
  for (const ingest::ExchangeSettings& exchange : config.exchanges) {
    const Result<void> usable = ingest::check_settings(exchange, *world);
    const std::string authorities =
        exchange.ca_file.empty() ? "the system's certificate authorities" : "those of " + exchange.ca_file;
    findings.push_back({"exchange", usable.has_value(),
                        usable ? fmt::format("{}: {} and {}, trusting {}", exchange.name, exchange.websocket_url,
                                             exchange.rest_url, authorities)
                               : fmt::format("{}: {}", exchange.name, usable.error().message)});
  }
  return findings;
}

void print_text(const std::vector<Finding>& findings, bool good) {
  for (const Finding& finding : findings)
    fmt::print("{:<9} {:<4} {}\n", finding.subject, finding.good ? "ok" : "BAD", finding.detail);
  fmt::print("{}\n", good ? "nothing stands in the way of a start" : "mend what is BAD before a start");
}

void print_json(const std::vector<Finding>& findings, bool good) {
  fmt::print("{}\n", json_object([&](JsonWriter& json) {
               json.member("good", good).key("findings").begin_array();
               for (const Finding& finding : findings) {
                 json.begin_object()
                     .member("subject", finding.subject)
                     .member("good", finding.good)
                     .member("detail", finding.detail)
                     .end_object();
               }
               json.end_array();
             }));
}

}  // namespace

int run_check(const config::Config& config, const CheckOptions& options) {
  std::vector<Finding> findings = check_markets(config);
  for (auto check : {check_database, check_disk, check_models, check_port}) findings.push_back(check(config));
  if (!options.quick && std::filesystem::exists(config.storage.path)) findings.push_back(check_pages(config));
  const bool good = std::ranges::all_of(findings, &Finding::good);
  (options.as_json ? print_json : print_text)(findings, good);
  return good ? 0 : 1;
}

}  // namespace candled::cli
