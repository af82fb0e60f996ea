// Checks of addresses in the configuration: each returns what is wrong, or nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace candled::net {

std::optional<std::string> check_websocket_url(std::string_view text);  // ws://host[:port][/path], wss://...
std::optional<std::string> check_rest_url(std::string_view text);       // http://..., https://...
std::optional<std::string> check_listen(std::string_view text);         // ADDRESS:PORT, [ADDRESS]:PORT, localhost:PORT

// Whether only this machine can reach an address that check_listen accepts.
bool listens_locally(std::string_view listen);

}  // namespace candled::net
