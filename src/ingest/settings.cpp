#include "candled/ingest/settings.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "candled/domain/section.hpp"
#include "candled/ingest/exchange_table.hpp"
#include "candled/net/address_text.hpp"

namespace candled::ingest {
namespace {

// Of the deepest order book that any exchange offers.
std::int64_t book_levels_max() {
  std::size_t most = 0;
  for (const ExchangeEntry& entry : known_exchanges().entries) {
    for (const std::size_t depth : entry.descriptor->book_depths) most = std::max(most, depth);
  }
  return static_cast<std::int64_t>(most);
}

// Empty is right too.
std::optional<std::string> check_readable_file(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const std::filesystem::path file(text);
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return fmt::format("there is no file '{}'", text);
  if (std::filesystem::is_directory(file, error)) return fmt::format("'{}' is a directory, not a file", text);
  if (!std::ifstream(file)) return fmt::format("the file '{}' cannot be read", text);
  return std::nullopt;
}

}  // namespace

void describe(Section& section, ExchangeSettings& settings) {
  section.text({.name = "websocket_url",
                .help = "Live trades: wss:// (TLS) or ws:// (plain, for a local exchange).",
                .decides = false},
               settings.websocket_url, net::check_websocket_url);
  section.text({.name = "rest_url",
                .help = "History and repair of sequence gaps: https:// or http://. Without a trailing method name.",
                .decides = false},
               settings.rest_url, net::check_rest_url);
  section.text(
      {.name = "ca_file",
       .help = "PEM file of the certificate authorities to trust for both. Empty: those of the system. A server whose "
               "certificate does not match is refused; nothing turns that off.",
       .decides = false},
      settings.ca_file, check_readable_file);
  section.number(
      {.name = "clock_rate",
       .help =
           "Seconds of the exchange's clock per second of ours, 0.001 to 100000. Anything but 1 is for a market that a "
           "local exchange plays faster or slower.",
       .decides = false},
      settings.clock_rate, 0.001, 100'000);
  section.duration(
      {.name = "rest_interval",
       .help =
           "Least time between two REST requests, \"1ms\" to \"10m\". The exchange bans addresses that ask more often "
           "than about once a second.",
       .decides = false},
      settings.rest_interval, Duration::milliseconds(1), Duration::minutes(10));
  section.duration(
      {.name = "watchdog",
       .help = "A connection that is silent for this long counts as dead and is opened again, \"100ms\" to "
               "\"10m\". Kraken sends a heartbeat every second.",
       .decides = false},
      settings.watchdog, Duration::milliseconds(100), Duration::minutes(10));
  section.duration({.name = "subscribe_timeout",
                    .help = "How long to wait for the answer to a subscription before the connection is opened again, "
                            "\"100ms\" to \"10m\".",
                    .decides = false},
                   settings.subscribe_timeout, Duration::milliseconds(100), Duration::minutes(10));
  section.duration(
      {.name = "hold_back",
       .help = "When trades are missing, how long live trades wait for their repair over REST, \"100ms\" to "
               "\"1h\". After that the sequence gap is recorded, candles in it are marked `gap`, nothing is "
               "traded on them, and the repair goes on in the background.",
       .decides = false},
      settings.hold_back, Duration::milliseconds(100), Duration::minutes(60));
}

void describe(Section& section, HistorySettings& settings) {
  section.duration_or(
      {.name = "on_start",
       .help = "How far back a market without any stored trade starts, \"1m\" and more; the trades are fetched "
               "over REST before live trades pass. \"off\": with the first live trade.",
       .decides = false},
      "off", settings.on_start, Duration::minutes(1), Duration::days(3650));
  section.duration(
      {.name = "catch_up_max",
       .help = "A daemon that was off fetches what it missed, at most this far back; older trades become a "
               "recorded sequence gap, which is filled in the background.",
       .decides = false},
      settings.catch_up_max, Duration::minutes(1), Duration::days(3650));
}

void describe_book(Section& section, std::int64_t& levels) {
  section.whole(
      {.name = "book",
       .help = "Levels a side of the order book to follow beside the trades, 10 or 25; 0: none. What it said about "
               "each candle is stored (view `books`, docs/order_book.md). An exchange that refuses it costs one log "
               "line, and the trades go on. A book cannot be fetched again: with one, the features and fills of an "
               "interrupted run differ from those of an uninterrupted one.",
       .decides = false},
      levels, 0, book_levels_max());
}

}  // namespace candled::ingest
