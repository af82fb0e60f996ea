// ExchangeTable: the exchanges, one line each. A dependency of everything that connects to them, so that a test can pass its own.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "candled/ingest/exchange_descriptor.hpp"
#include "candled/ingest/settings.hpp"

namespace candled::ingest {

class Exchange;  // ingest/exchange.hpp

struct ExchangeEntry {
  const ExchangeDescriptor* descriptor = nullptr;  // lives for as long as the program
  // The protocol, for these symbols (BASE/QUOTE). Null: there is no feed; trades and candles of its markets come from files.
  std::unique_ptr<Exchange> (*make)(std::vector<std::string> symbols) = nullptr;
};

struct ExchangeTable {
  std::vector<ExchangeEntry> entries;

  const ExchangeEntry* find(std::string_view name) const;       // null: not in the table
  const ExchangeEntry* find_feed(std::string_view name) const;  // null also where there is no feed
  std::string feed_names() const;                               // "kraken, ..." for messages
};

// The exchanges of this program.
ExchangeTable known_exchanges();

// What the exchange's own description says, before a config changes it.
ExchangeSettings default_settings(const ExchangeDescriptor& descriptor);

}  // namespace candled::ingest
