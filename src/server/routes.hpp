// Routes: from a request that was let in to its answer. No socket here.
#pragma once

#include <cstddef>
#include <expected>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "candled/domain/json_writer.hpp"
#include "candled/server/server.hpp"
#include "candled/store/view_reader.hpp"
#include "server/journal_watch.hpp"
#include "server/message.hpp"
#include "server/target.hpp"

namespace candled::server {

// What the connections count, shown among the metrics. One thread.
struct HttpStatistics {
  std::map<unsigned, std::int64_t> responses;  // by status
  std::int64_t connections = 0;                // open now
  std::int64_t refused_connections = 0;        // closed at once because there were too many
  std::int64_t evicted_connections = 0;        // closed while they waited, to make room
  std::int64_t limited_requests = 0;           // answered 429
  std::int64_t streams = 0;                    // open event streams
  std::int64_t dropped_streams = 0;            // closed because the client read too slowly
  std::int64_t stream_events = 0;              // made, counted once however many clients get them
};

class Routes {
 public:
  Routes(const ServerSettings& settings, const ServerSources& sources, const HttpStatistics& http,
         store::ViewReader& journal, const JournalWatch& watch);

  Response answer(const Request& request);

 private:
  // A request as a handler sees it.
  struct Call {
    const Request& request;
    Target target;
    std::string argument;  // what stands for the {...} of the path
  };
  using Handler = Response (Routes::*)(const Call& call);
  struct Route {
    Method method;
    std::string_view prefix, suffix;  // around the {...}; no suffix: the path is the prefix
    bool has_argument;
    Handler handler;
    std::span<const std::string_view> parameters;
  };
  static std::span<const Route> table();

  // routes_rows.cpp
  store::ViewRows with_live(const store::ViewRows& models) const;
  std::expected<store::ViewRows, Response> find_rows(const Call& call, store::View view);
  Response rows(const Call& call, std::string_view name, store::View view);
  Response trades(const Call& call);
  Response predictions(const Call& call);
  Response fills(const Call& call);
  Response models(const Call& call);
  Response gaps(const Call& call);
  Response symbol_predictions(const Call& call);

  // routes_backtests.cpp
  Response backtests(const Call& call);
  Response backtest(const Call& call);
  Response backtest_page(const Call& call);

  // routes_series.cpp
  Response candles(const Call& call);
  Response equity(const Call& call);
  Response indicators(const Call& call);
  Response indicator_values(const Call& call);
  std::expected<store::SeriesFilter, Response> series_filter(const Call& call, const Market& market);

  // routes_state.cpp
  Response health(const Call& call);
  Response metrics(const Call& call);
  Response status(const Call& call);
  Response markets(const Call& call);
  Response strategies(const Call& call);
  Response model_card(const Call& call);
  Response config(const Call& call);
  Response stream(const Call& call);

  // routes_control.cpp
  Response control(ControlAction action, const std::string& model);
  Response promote(const Call& call);
  Response rollback(const Call& call);
  Response pause(const Call& call);
  Response resume(const Call& call);

  // routes_page.cpp
  Response page(const Call& call);
  Response asset(const Request& request, std::string_view path);

  // What the source says, and the age of the model.
  Health health_now() const;
  // The market that the parameter names, or the only one there is.
  std::expected<Market, Response> one_market(const Target& target) const;

  const ServerSettings& settings_;
  const ServerSources& sources_;
  const HttpStatistics& http_;
  store::ViewReader& journal_;
  const JournalWatch& watch_;
  const Timestamp started_;
};

// Answers that several handlers give.
Response bad_request(const Error& error);
// The journal could not be read: soon again, or not at all; or it was asked for nonsense.
Response journal_error(const Error& error);
// A page of rows: {"name":[...],"next":"..."}.
Response rows_response(std::string_view name, const store::ViewRows& rows);
// What /health, /api/v1/status and the stream say of it, into the object that is open.
void write_health(JsonWriter& json, const Health& health);
// "silent: kraken:BTC/USD is silent on the stream ..."
std::string reason_text(const HealthReason& reason);

}  // namespace candled::server
