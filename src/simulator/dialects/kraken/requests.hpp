// Requests: what a Kraken client's JSON message asks for.
#pragma once

#include <memory>
#include <string_view>

#include "simulator/dialect.hpp"

namespace candled::simulator::kraken {

// The acknowledgement of a channel names it so.
constexpr std::string_view channel_name(Channel channel) { return channel == Channel::book ? "book" : "trade"; }

// Keeps the parser's buffers between messages.
class RequestReader {
 public:
  RequestReader();
  ~RequestReader();
  // A message that is no request at all comes back as malformed, with its req_id where that could be read. A ping is the
  // method `other`.
  Request read(std::string_view message);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace candled::simulator::kraken
