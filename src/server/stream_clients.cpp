#include "server/stream_clients.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <deque>
#include <vector>

#include "candled/flow/clock.hpp"

namespace candled::server {
namespace {

namespace asio = boost::asio;
using tcp = boost::asio::ip::tcp;
using boost::system::error_code;

// A candle is on the wire at most this long after its commit.
constexpr std::chrono::milliseconds look_every{25};
constexpr std::size_t unsent_bytes_max = 4 * 1024 * 1024;  // more than the longest welcome
constexpr std::string_view heartbeat = ": alive\n\n";

using Text = std::shared_ptr<const std::string>;

}  // namespace

class StreamClient : public std::enable_shared_from_this<StreamClient> {
 public:
  StreamClient(tcp::socket socket, StreamClients& all) : socket_(std::move(socket)), all_(all) {}

  void start(std::string first) {
    tell(std::make_shared<const std::string>(std::move(first)));
    watch();
  }

  // False: too much waits to be sent.
  bool tell(Text text) {
    unsent_bytes_ += text->size();
    if (unsent_bytes_ > unsent_bytes_max) return false;
    unsent_.push_back(std::move(text));
    if (unsent_.size() == 1) send();
    return true;
  }

  void close() {
    error_code ignored;
    socket_.close(ignored);
  }

 private:
  void send() {
    asio::async_write(socket_, asio::buffer(*unsent_.front()),
                      [self = shared_from_this()](error_code error, std::size_t) {
                        if (error) return self->all_.remove(*self, false);
                        self->unsent_bytes_ -= self->unsent_.front()->size();
                        self->unsent_.pop_front();
                        if (!self->unsent_.empty()) self->send();
                      });
  }

  // Nothing is expected from the client any more, but its end.
  void watch() {
    socket_.async_read_some(asio::buffer(ignored_), [self = shared_from_this()](error_code error, std::size_t) {
      if (error) return self->all_.remove(*self, false);
      self->watch();
    });
  }

  tcp::socket socket_;
  StreamClients& all_;
  std::deque<Text> unsent_;
  std::size_t unsent_bytes_ = 0;
  std::array<char, 512> ignored_{};
};

StreamClients::StreamClients(asio::io_context& io, const ServerSettings& settings, StreamFeed& feed,
                             HttpStatistics& http, std::function<void()> before_query)
    : settings_(settings), feed_(feed), http_(http), before_query_(std::move(before_query)), timer_(io) {}

bool StreamClients::has_room() const { return clients_.size() < settings_.streams_max; }

void StreamClients::add(tcp::socket socket, std::string header, const std::string& last_event_id) {
  const Duration now = flow::monotonic_now();
  before_query_();
  if (clients_.empty()) {
    feed_.start(now);
    last_told_ = now;
  } else {
    tell_all(feed_.advance(now));  // so that the new one begins where the others are
  }
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  auto client = std::make_shared<StreamClient>(std::move(socket), *this);
  clients_.insert(client);
  http_.streams = static_cast<std::int64_t>(clients_.size());
  client->start(std::move(header) + feed_.welcome(last_event_id));
  if (!looking_) look_later();
}

void StreamClients::remove(StreamClient& client, bool too_slow) {
  if (clients_.erase(client.shared_from_this()) == 0) return;
  if (too_slow) ++http_.dropped_streams;
  http_.streams = static_cast<std::int64_t>(clients_.size());
  client.close();
}

void StreamClients::look_later() {
  looking_ = true;
  timer_.expires_after(look_every);
  timer_.async_wait([this](error_code error) {
    if (error) return;
    look();
  });
}

void StreamClients::look() {
  if (clients_.empty()) {  // nobody listens: nothing is read
    looking_ = false;
    return;
  }
  const Duration now = flow::monotonic_now();
  before_query_();
  std::string text = feed_.advance(now);
  http_.stream_events = feed_.events();
  if (text.empty() && now - last_told_ >= settings_.heartbeat) text = heartbeat;
  if (!text.empty()) {
    last_told_ = now;
    tell_all(text);
  }
  look_later();
}

void StreamClients::tell_all(const std::string& text) {
  if (text.empty()) return;
  const Text shared = std::make_shared<const std::string>(text);
  std::vector<std::shared_ptr<StreamClient>> slow;
  for (const std::shared_ptr<StreamClient>& client : clients_) {
    if (!client->tell(shared)) slow.push_back(client);
  }
  for (const std::shared_ptr<StreamClient>& client : slow) remove(*client, true);
}

}  // namespace candled::server
