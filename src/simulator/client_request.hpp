// ClientRequest: what a WebSocket client asks, read from its JSON.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace candled::simulator {

enum class ClientMethod : std::uint8_t { malformed, subscribe, unsubscribe, ping };

struct ClientRequest {
  ClientMethod method = ClientMethod::malformed;
  std::optional<std::int64_t> request_id;
  std::string channel;
  std::vector<std::string> symbols;
  std::optional<bool> snapshot;
  std::optional<std::int64_t> depth;
};

// Keeps the parser's buffers between messages.
class ClientRequestReader {
 public:
  ClientRequestReader();
  ~ClientRequestReader();
  // A message that is no request at all comes back as malformed, with its req_id where that could be read.
  ClientRequest read(std::string_view message);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace candled::simulator
