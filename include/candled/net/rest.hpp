// REST: requests, answers, and what the caller should do about a failure.
#pragma once

#include <cstddef>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "candled/domain/time.hpp"

namespace candled::net {

// Bytes that are readable after the text of every answer and message, for parsers that read ahead; their content does not matter.
constexpr std::size_t text_padding = 64;

struct Header {
  std::string name;
  std::string value;
};
using Headers = std::vector<Header>;
// The value of the first header of this name, whatever its case; empty where there is none.
std::string_view header_of(const Headers& headers, std::string_view name);

struct RestLimits {
  Duration time = Duration::seconds(20);  // for connecting, and again from the request to the end of its answer
  // A page of 1,000 trades has 100 kB, the longest list of markets under 2 MB.
  std::size_t body_bytes = 4u << 20;
};

struct RestRequest {
  enum class Method { get, post };
  enum class Urgency { live, background };  // while live ones wait, those of the background do not get their turn
  std::string target = {};                  // path and query, appended to the path of the client's URL
  std::string what = {};                    // what is requested, as the log calls it
  Method method = Method::get;
  std::string body = {};  // of a POST
  Headers headers = {};   // besides Host, User-Agent and Accept, or instead of them
  RestLimits limits = {};
  int cost = 1;  // of the host's pace: its interval times this passes until the next request
  Urgency urgency = Urgency::live;
};

struct RestAnswer {
  unsigned status = 0;
  const Headers& headers;
  std::string_view body;                // with text_padding after it; valid while it is judged
  std::optional<Duration> retry_after;  // as the server stated it, in seconds or as a date
  Duration sent;                        // local monotonic clock
  Duration received;
  Timestamp received_at;  // the same, wall clock
};

// Why an answer is of no use or did not come, and what to do about it.
struct RestError {
  enum class Kind {
    rate_limited,  // pause the whole host
    banned,        // stop asking until told otherwise
    permanent,     // this request is wrong and stays wrong
    transient,     // try again later
  };
  Kind kind = Kind::transient;
  std::string message;            // one line
  std::optional<Duration> pause;  // stated by the server
};
template <class T>
using RestResult = std::expected<T, RestError>;

// Takes an answer of any status, or says why it is of no use. Called once, before the call to the client returns.
using RestJudge = std::function<RestResult<void>(const RestAnswer&)>;

}  // namespace candled::net
