#include "candled/net/websocket_session.hpp"

#include "candled/net/retry_after.hpp"
#include "net/dial.hpp"
#include "net/user_agent.hpp"

namespace candled::net {
namespace {

constexpr Duration close_timeout = Duration::milliseconds(600);

ConnectFailure failure_of(flow::UpgradeFailure&& failure, Timestamp now) {
  Headers headers;
  for (auto& [name, value] : failure.headers) headers.push_back({std::move(name), std::move(value)});
  const auto stated = retry_after_of(header_of(headers, "Retry-After"), header_of(headers, "Date"), now);
  return {std::move(failure.message), failure.status, stated};
}

}  // namespace

Task<Result<std::string_view>> WebSocketSession::read() {
  auto reading = callback<Result<std::string_view>>([this](auto done) { stream_->read(std::move(done)); });
  Result<std::string_view> message = co_await reading;
  co_return message;
}

Task<Result<void>> WebSocketSession::write(std::string message) {
  auto writing = callback<Result<void>>([&](auto done) { stream_->write(std::move(message), std::move(done)); });
  Result<void> written = co_await writing;
  co_return written;
}

Task<void> WebSocketSession::close() {
  const std::unique_ptr<flow::Pending> limit = loop_.world().after(close_timeout, [this] { abort(); });
  auto closing = callback<bool>([this](auto done) { stream_->close([done]() mutable { done(true); }); });
  co_await closing;
}

Task<std::expected<std::unique_ptr<WebSocketSession>, ConnectFailure>> open_websocket(Loop& loop, Url url,
                                                                                      std::string ca_file,
                                                                                      std::size_t message_bytes_max) {
  Result<flow::Peer> peer = co_await find_peer(loop, url, ca_file);
  if (!peer) co_return std::unexpected(ConnectFailure{peer.error().message, {}, {}});
  std::unique_ptr<flow::MessageStream> stream = loop.world().message_stream();
  const Loop::OnStop cut(loop, [&stream] { stream->abort(); });
  const flow::Upgrade upgrade{url.authority(), url.path.empty() ? "/" : url.path, user_agent, message_bytes_max,
                              text_padding};
  using Opened = std::expected<void, flow::UpgradeFailure>;
  auto connecting =
      callback<Opened>([&](auto done) { stream->connect(*peer, upgrade, connect_timeout, std::move(done)); });
  Opened opened = co_await connecting;
  if (!opened) co_return std::unexpected(failure_of(std::move(opened.error()), loop.wall_now()));
  co_return std::make_unique<WebSocketSession>(loop, std::move(stream));
}

}  // namespace candled::net
