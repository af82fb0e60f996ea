// StreamFeed: what is committed as server-sent events, in the order of the stream. No socket here.
//
// An event made of a row has the id SEQUENCE.NUMBER (the head event that caused it, and which of its effects it is); all
// others have SEQUENCE: everything up to there has been told. Either, sent back as Last-Event-ID, goes on exactly behind it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "candled/domain/time.hpp"
#include "candled/server/server.hpp"
#include "candled/store/view_reader.hpp"

namespace candled::server {

class StreamFeed {
 public:
  StreamFeed(store::ViewReader& journal, const ServerSources& sources) : journal_(journal), sources_(sources) {}

  // The first listener: from here on, what is committed is told.
  void start(Duration now);
  // What has been committed since the last call, empty mostly. Trades are summed up and told a few times a second.
  std::string advance(Duration now);
  // For a new listener: what he missed behind this id (empty: nothing), then how things stand. Call behind advance().
  std::string welcome(std::string_view last_event_id);

  std::int64_t events() const { return events_; }  // made so far

 private:
  void add_trades(const store::StreamBatch& batch);
  std::string trades_due(Duration now);
  std::string status_due(Duration now);
  std::string status_event();

  store::ViewReader& journal_;
  const ServerSources& sources_;
  std::int64_t version_ = -1;
  std::int64_t told_ = 0;  // sequence up to which all is told, trades aside
  Timestamp filled_;
  std::map<std::string, store::TradeSummary> trades_;  // not told yet, by market
  Duration trades_told_, status_looked_;
  std::string status_;
  std::int64_t events_ = 0;
};

// "123.4" or "123".
struct StreamPlace {
  std::int64_t sequence = 0;
  std::int64_t number = 0;  // 0: behind all of that sequence
};
bool parse_stream_place(std::string_view text, StreamPlace& place);

}  // namespace candled::server
