// Retry-After: how long a server asks us to wait, in seconds or as a date. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "candled/domain/time.hpp"

namespace candled::net {

// "Wed, 21 Oct 2015 07:28:00 GMT", the only form of a date that servers may send today (RFC 9110, 5.6.7).
std::optional<Timestamp> http_date_of(std::string_view text);

// date: of the same answer's Date header, or empty. A date is measured against it, so that no clock of ours matters, and against
// `now` only where there is none. Nothing for what cannot be read; zero for a date that has passed.
std::optional<Duration> retry_after_of(std::string_view text, std::string_view date, Timestamp now);

}  // namespace candled::net
