#include "simulator/network.hpp"

#include "simulator/http_link.hpp"

namespace candled::simulator {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto tick_every = std::chrono::milliseconds(100);
constexpr auto wake_distance_min = std::chrono::microseconds(500);
constexpr auto end_linger = std::chrono::milliseconds(500);

class AsioServer final : public Server, public Host {
 public:
  explicit AsioServer(Exchange& exchange) : exchange_(exchange) {}

  Result<void> listen() {
    const LocalExchangeSettings& settings = exchange_.settings();
    const std::string place = settings.listen_address + ":" + std::to_string(settings.port);
    Code error;
    if (settings.tls) {
      if (Result<void> loaded = load_certificate(settings); !loaded) return loaded;
    }
    const asio::ip::address address = asio::ip::make_address(settings.listen_address, error);
    if (error) return refuse("not an IP address to listen on: '" + settings.listen_address + "'");
    const tcp::endpoint endpoint(address, settings.port);
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) return refuse("cannot listen on " + place + ": " + error.message());
    return {};
  }

  std::uint16_t port() const override { return acceptor_.local_endpoint().port(); }

  void run() override {
    if (exchange_.settings().stop_on_signals) {
      signals_.add(SIGINT);
      signals_.add(SIGTERM);
      signals_.async_wait([this](Code error, int) {
        if (!error) stop();
      });
    }
    if (!exchange_.settings().wait_for_subscriber) exchange_.begin_clock(wall());
    accept();
    tick();
    context_.run();
  }
  void stop() override { context_.stop(); }

  Exchange& exchange() override { return exchange_; }
  Duration wall() const override {
    return {std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - began_).count()};
  }

  // Many calls make one.
  void pump() override {
    if (pump_posted_) return;
    pump_posted_ = true;
    asio::post(context_, [this] {
      pump_posted_ = false;
      const Exchange::Next next = exchange_.advance(wall());
      if (next.again) return pump();
      if (next.at) wake_at(*next.at);
    });
  }

 private:
  Result<void> load_certificate(const LocalExchangeSettings& settings) {
    Code error;
    tls_.set_options(
        asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1, error);
    tls_.use_certificate_chain_file(settings.certificate_file, error);
    if (error) return refuse("cannot use certificate '" + settings.certificate_file + "': " + error.message());
    tls_.use_private_key_file(settings.key_file, asio::ssl::context::pem, error);
    if (error) return refuse("cannot use key '" + settings.key_file + "': " + error.message());
    return {};
  }

  void accept() {
    acceptor_.async_accept([this](Code error, tcp::socket socket) {
      if (!error) serve(std::move(socket));
      if (error == asio::error::operation_aborted) return;
      if (!error) return accept();
      // Out of descriptors, most likely: again a little later.
      accept_pause_.expires_after(tick_every);
      accept_pause_.async_wait([this](Code stopped) {
        if (!stopped) accept();
      });
    });
  }

  void serve(tcp::socket socket) {
    Code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    const tcp::endpoint remote = socket.remote_endpoint(ignored);
    std::string address = remote.address().to_string();
    if (exchange_.settings().tls) {
      auto stream = SecureStream(std::move(socket), tls_);
      std::make_shared<HttpLink<SecureStream>>(*this, std::move(stream), std::move(address))->start();
    } else {
      std::make_shared<HttpLink<PlainStream>>(*this, PlainStream(std::move(socket)), std::move(address))->start();
    }
  }

  void wake_at(Duration wall_time) {
    const auto at = std::max(began_ + std::chrono::nanoseconds(wall_time.ns), Clock::now() + wake_distance_min);
    wake_.expires_at(at);
    wake_.async_wait([this](Code error) {
      if (!error) pump();
    });
  }

  void tick() {
    exchange_.tick(wall());
    pump();
    if (exchange_.settings().stop_at_end && exchange_.finished()) return leave();
    tick_.expires_after(tick_every);
    tick_.async_wait([this](Code error) {
      if (!error) tick();
    });
  }

  void leave() {
    exchange_.close_all(close_code::going_away, "the tape has ended");
    tick_.expires_after(end_linger);
    tick_.async_wait([this](Code) { stop(); });
  }

  Exchange& exchange_;
  asio::io_context context_{1};
  asio::ssl::context tls_{asio::ssl::context::tls_server};
  tcp::acceptor acceptor_{context_};
  asio::steady_timer tick_{context_};
  asio::steady_timer wake_{context_};
  asio::steady_timer accept_pause_{context_};
  asio::signal_set signals_{context_};
  const Clock::time_point began_ = Clock::now();
  bool pump_posted_ = false;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::open(Exchange& exchange) {
  auto server = std::make_unique<AsioServer>(exchange);
  if (Result<void> listening = server->listen(); !listening) return std::unexpected(listening.error());
  return server;
}

}  // namespace candled::simulator
