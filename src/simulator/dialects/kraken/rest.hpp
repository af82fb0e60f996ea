// Kraken's public REST: /0/public/{Trades,OHLC,AssetPairs,SystemStatus,Time}.
#pragma once

#include <string>

#include "simulator/dialect.hpp"

namespace candled::simulator::kraken {

constexpr std::string_view rest_root = "/0/public/";

// The body; errors are bodies, too. The path begins with rest_root.
std::string rest_body(const RestCall& call);

}  // namespace candled::simulator::kraken
