// What addresses in the configuration must look like: each check says what is wrong, or nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace candled::net {

std::optional<std::string> check_websocket_url(std::string_view text);  // ws://host[:port][/path], wss://...
std::optional<std::string> check_rest_url(std::string_view text);       // http://..., https://...
std::optional<std::string> check_listen(std::string_view text);         // ADDRESS:PORT, [ADDRESS]:PORT, localhost:PORT

// Whether only this machine reaches the address of a text that check_listen lets pass.
bool listens_locally(std::string_view listen);

}  // namespace candled::net
