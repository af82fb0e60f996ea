// What both HTTP clients say of themselves.
#pragma once

namespace candled::net {

constexpr const char* user_agent = "candled/0.1.0";

}  // namespace candled::net
