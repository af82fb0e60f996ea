#include "candled/ingest/exchange_table.hpp"

#include <algorithm>

#include "ingest/exchange.hpp"

namespace candled::ingest {

ExchangeEntry kraken_entry();

namespace {

// Of these there are files, and no feed yet.
constexpr ExchangeDescriptor coinbase{.name = "coinbase"};
constexpr ExchangeDescriptor binance{.name = "binance"};

}  // namespace

ExchangeTable known_exchanges() {
  return {{
      kraken_entry(),
      {&coinbase},
      {&binance},
  }};
}

const ExchangeEntry* ExchangeTable::find(std::string_view name) const {
  const auto entry = std::ranges::find(entries, name, [](const ExchangeEntry& one) { return one.descriptor->name; });
  return entry == entries.end() ? nullptr : &*entry;
}

const ExchangeEntry* ExchangeTable::find_feed(std::string_view name) const {
  const ExchangeEntry* entry = find(name);
  return entry != nullptr && entry->make != nullptr ? entry : nullptr;
}

std::string ExchangeTable::feed_names() const {
  std::string names;
  for (const ExchangeEntry& entry : entries) {
    if (entry.make != nullptr) names.append(names.empty() ? "" : ", ").append(entry.descriptor->name);
  }
  return names;
}

ExchangeSettings default_settings(const ExchangeDescriptor& descriptor) {
  ExchangeSettings settings;
  settings.name = descriptor.name;
  settings.websocket_url = descriptor.websocket_url;
  settings.rest_url = descriptor.rest_url;
  settings.rest_interval = descriptor.rest_interval;
  settings.watchdog = descriptor.watchdog;
  settings.subscribe_timeout = descriptor.subscribe_timeout;
  return settings;
}

}  // namespace candled::ingest
