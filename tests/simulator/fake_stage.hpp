// Stage: an exchange without sockets and one client whose link only remembers. Wall time is what the test says.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <simdjson.h>

#include "simulator/dialects.hpp"
#include "simulator/exchange.hpp"
#include "simulator/open_tapes.hpp"
#include "simulator/rest.hpp"

namespace candled::simulator {

class FakeLink final : public Link {
 public:
  void send(Frame frame) override { frames.push_back(*frame); }
  void ping() override { ++pings; }
  void cut() override { was_cut = true; }
  void close(std::uint16_t code, std::string) override { closed_with = code; }
  std::size_t queued_bytes() const override { return queued; }

  std::vector<std::string> frames;
  std::size_t queued = 0;
  int pings = 0;
  bool was_cut = false;
  int closed_with = 0;
};

inline LocalExchangeSettings two_markets(double speed, std::int64_t trades = 3000) {
  LocalExchangeSettings settings;
  settings.markets = {{"BTC/USD", SyntheticMarket{.seed = 1, .first_id = 1, .trades_max = trades}},
                      {"ETH/USD", SyntheticMarket{.seed = 1, .first_id = 1, .trades_max = trades}}};
  settings.speed = speed;
  settings.limits.rest_calls_per_second = 0;
  settings.limits.connections = 0;
  return settings;
}

inline Exchange exchange_of(const LocalExchangeSettings& settings, std::span<const DialectEntry> table) {
  std::unique_ptr<Dialect> dialect = make_dialect(table, settings.exchange, settings.faults.seed).value();
  OpenedMarkets markets = open_markets(settings, *dialect).value();
  return Exchange(settings, std::move(markets), std::move(dialect));
}

// One exchange and one client.
struct Stage {
  explicit Stage(const LocalExchangeSettings& settings, std::span<const DialectEntry> table = dialects)
      : exchange(exchange_of(settings, table)) {
    connect(std::string(exchange.dialect().websocket_path()));
  }

  void connect(const std::string& target) {
    session.reset();
    link = FakeLink();
    session = std::make_unique<Session>(exchange, link, wall);
    session->open(exchange.dialect().open(parse_target(target)).value(), wall);
  }
  void connect() { connect(std::string(exchange.dialect().websocket_path())); }
  std::string ask(const std::string& message) {
    const std::size_t before = link.frames.size();
    session->receive(message, wall);
    return link.frames.size() > before ? link.frames[before] : std::string();
  }
  void subscribe(const char* symbols = R"("BTC/USD","ETH/USD")", bool snapshot = false) {
    ask(std::string(R"({"method":"subscribe","params":{"channel":"trade","symbol":[)") + symbols + R"(],"snapshot":)" +
        (snapshot ? "true" : "false") + "}}");
  }
  void fault(const char* text) {
    exchange.faults().schedule(parse_fault(text).value());
    exchange.advance(wall);
  }
  // Runs the tape to its end, or as long as it goes without wall time passing.
  void run() {
    while (exchange.advance(wall).again) {
    }
  }
  // Ids of one symbol in all update frames, in order.
  std::vector<std::int64_t> ids(std::string_view symbol, std::string_view type = "update") {
    std::vector<std::int64_t> out;
    simdjson::dom::parser parser;
    for (const std::string& frame : link.frames) {
      const simdjson::dom::element root = parser.parse(frame).value();
      std::string_view channel, kind;
      if (root["channel"].get(channel) != simdjson::SUCCESS || channel != "trade") continue;
      if (root["type"].get(kind) != simdjson::SUCCESS || kind != type) continue;
      const simdjson::dom::array rows = root["data"].get_array().value();
      for (auto row : rows) {
        if (row["symbol"].get_string().value() == symbol) out.push_back(row["trade_id"].get_int64().value());
      }
    }
    return out;
  }
  std::string rest(const char* target) { return answer_rest(exchange, target, "127.0.0.1", wall).body; }

  Duration wall{};
  Exchange exchange;
  FakeLink link;
  std::unique_ptr<Session> session;
};

inline bool has(const std::string& text, const std::string& part) {
  INFO(text);
  CHECK(text.find(part) != std::string::npos);
  return text.find(part) != std::string::npos;
}

inline std::vector<std::int64_t> from_to(std::int64_t first, std::int64_t last) {
  std::vector<std::int64_t> ids;
  for (std::int64_t id = first; id <= last; ++id) ids.push_back(id);
  return ids;
}

}  // namespace candled::simulator
