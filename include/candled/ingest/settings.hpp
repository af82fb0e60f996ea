// IngestSettings: what ingest needs to know about each exchange, beside its description. Filled from [exchange.<name>] and [history] of the config.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "candled/domain/time.hpp"

namespace candled {
class Section;
}

namespace candled::ingest {

// Start from default_settings() of the exchange's description.
struct ExchangeSettings {
  std::string name;
  std::string websocket_url;  // wss:// or ws://
  std::string rest_url;       // https:// or http://
  std::string ca_file;        // PEM; empty: the system's certificate authorities
  double clock_rate = 1.0;    // seconds of the exchange's clock per second here; not 1 only for a sped-up market

  Duration rest_interval;  // least time between two REST requests to this host
  Duration watchdog;       // silence after which a connection counts as dead
  Duration subscribe_timeout;
  Duration hold_back = Duration::seconds(30);  // longest time that live trades wait for the repair of a sequence gap
  std::size_t hold_back_trades_max = 200'000;  // and how many of them
  // How much later than the quickest a trade may reach us after the exchange stamped it, in time of this machine. A watermark
  // lags the exchange's clock by this much (times clock_rate), so that it never overtakes a trade.
  Duration feed_delay = Duration::milliseconds(250);
};

struct HistorySettings {
  // How far back a market without stored trades starts; zero: with the first live trade.
  Duration on_start = Duration::hours(12);
  // A daemon that was off fetches what it missed, at most this far back; older ids are recorded as a sequence gap.
  Duration catch_up_max = Duration::days(7);
};

void describe(Section& section, ExchangeSettings& settings);  // [exchange.<name>]
void describe(Section& section, HistorySettings& settings);   // [history]
void describe_book(Section& section, std::int64_t& levels);   // `book` of a [[market]]

struct FeedSettings {
  std::vector<ExchangeSettings> exchanges;  // at least those that the market table names
  HistorySettings history;
  std::vector<std::size_t> book_depths =
      {};  // by market id: levels a side of its order book, one that the exchange offers; 0 or none: no book
};

}  // namespace candled::ingest
