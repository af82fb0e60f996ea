// What the texts in the configuration must look like: each check says what is wrong, or nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace candled::config {

std::optional<std::string> check_websocket_url(std::string_view text);  // ws://host[:port][/path], wss://...
std::optional<std::string> check_rest_url(std::string_view text);       // http://..., https://...
std::optional<std::string> check_readable_file(std::string_view text);  // a file that can be opened; empty is right too
std::optional<std::string> check_symbol(std::string_view text);         // BASE/QUOTE
std::optional<std::string> check_name(std::string_view text);           // 1 to 32 letters, digits, '_', '-'
std::optional<std::string> check_token(std::string_view text);          // printable, without spaces; empty is right too
std::optional<std::string> check_listen(std::string_view text);         // ADDRESS:PORT, [ADDRESS]:PORT, localhost:PORT

// Whether only this machine reaches the address of a text that check_listen lets pass.
bool is_loopback(std::string_view listen);

}  // namespace candled::config
