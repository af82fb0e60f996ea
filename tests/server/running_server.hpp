// RunningServer: a small journal and a server on a free port of loopback, on a thread until the end of the test.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <thread>

#include "candled/server/server.hpp"
#include "server/client.hpp"
#include "store/small_journal.hpp"

namespace candled::tests {

class RunningServer {
 public:
  explicit RunningServer(server::ServerSettings settings = {}) : server(complete(std::move(settings)), sources(), log) {
    thread = std::jthread([this] { server.run(); });
  }
  ~RunningServer() {
    server.request_stop();
    thread.join();
    std::filesystem::remove(log_file());
  }

  Answer get(std::string_view target, std::string_view more_fields = "") {
    return Client(server.port()).get(target, more_fields);
  }
  Answer raw(std::string_view bytes) {
    Client client(server.port());
    client.send(bytes);
    return client.receive();
  }

  static std::string log_file() {
    return (std::filesystem::temp_directory_path() / ("candled_server_test" + std::to_string(::getpid()) + ".log"))
        .string();
  }

  SmallJournal journal{"candled_server_test"};
  flow::Log log{{flow::LogLevel::info, flow::LogFormat::text, log_file()}};
  flow::Flag feed_lost;
  flow::Counter asked;  // the last control action
  server::Server server;
  std::jthread thread;

 private:
  server::ServerSettings complete(server::ServerSettings settings) {
    settings.database = journal.path();
    settings.markets = SmallJournal::markets();
    if (settings.listen.ends_with(":8501")) settings.listen = "127.0.0.1:0";
    return settings;
  }
  server::ServerSources sources() {
    return {[] { return std::vector{server::counter_metric("candled_trades_total", "Trades", 41)}; },
            [this] {
              const bool lost = feed_lost.raised();
              server::Health health;
              if (lost) health.tell("exchange_silent", "no frame for 9 s", "kraken:BTC/USD");
              health.markets.push_back({"kraken:BTC/USD", lost ? "waiting" : "live", lost ? "disconnected" : "quiet"});
              health.exchanges = {{"kraken", 1, 0.5}, {"coinbase", 0, -1}};
              return health;
            },
            [](const std::string& model) -> Result<std::string> {
              if (model != "20251124_190000") return refuse("there is no model " + model);
              return std::string("{\"name\":\"20251124_190000\"}");
            },
            [this](server::ControlAction action, const std::string& model) -> Result<std::string> {
              if (action == server::ControlAction::rollback) return refuse("there is nothing to go back to");
              asked.set(static_cast<std::int64_t>(action));
              return "done " + model;
            }};
  }
};

}  // namespace candled::tests
