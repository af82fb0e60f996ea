// Real sockets: a small Beast client against a LocalExchange on another thread, plain and TLS.
#include <catch2/catch.hpp>

#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>

#include "candled/simulator/local_exchange.hpp"

using namespace candled;
using namespace candled::simulator;

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using Plain = beast::tcp_stream;
using Secure = beast::ssl_stream<beast::tcp_stream>;

class Running {
 public:
  explicit Running(LocalExchangeSettings settings) : exchange_(LocalExchange::open(std::move(settings)).value()) {
    thread_ = std::thread([this] { exchange_->run(); });
  }
  ~Running() {
    exchange_->stop();
    thread_.join();
  }
  std::uint16_t port() const { return exchange_->port(); }
  tcp::endpoint endpoint() const { return {asio::ip::make_address("127.0.0.1"), port()}; }

 private:
  std::unique_ptr<LocalExchange> exchange_;
  std::thread thread_;
};

struct Folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("candled_loopback_" + std::to_string(::getpid()));
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
};

LocalExchangeSettings one_market(std::int64_t trades, double trades_per_minute = 600) {
  LocalExchangeSettings settings;
  settings.markets = {
      {"BTC/USD", SyntheticMarket{.trades_per_minute = trades_per_minute, .first_id = 1, .trades_max = trades}}};
  settings.speed = 0;
  settings.limits.rest_calls_per_second = 0;
  return settings;
}

const std::string subscription =
    R"({"method":"subscribe","params":{"channel":"trade","symbol":["BTC/USD"],"snapshot":false},"req_id":1})";

template <class Stream>
std::string read_frame(websocket::stream<Stream>& socket) {
  beast::flat_buffer buffer;
  socket.read(buffer);
  return beast::buffers_to_string(buffer.data());
}

// Counts trades until so many have come; ids must follow each other.
template <class Stream>
void read_trades(websocket::stream<Stream>& socket, std::int64_t wanted) {
  std::int64_t last = 0;
  const std::string key = "\"trade_id\":";
  beast::flat_buffer buffer;
  while (last < wanted) {
    buffer.clear();
    socket.read(buffer);
    const std::string_view frame(static_cast<const char*>(buffer.cdata().data()), buffer.size());
    for (std::size_t at = frame.find(key); at != std::string_view::npos; at = frame.find(key, at + 1)) {
      if (std::strtoll(frame.data() + at + key.size(), nullptr, 10) != last + 1) FAIL("hole behind trade " << last);
      ++last;
    }
  }
}

template <class Stream>
void talk(websocket::stream<Stream>& socket, std::int64_t trades) {
  socket.handshake("localhost", "/v2");
  CHECK(read_frame(socket).find(R"("channel":"status")") != std::string::npos);
  socket.write(asio::buffer(subscription));
  CHECK(read_frame(socket).find(R"("success":true)") != std::string::npos);
  read_trades(socket, trades);
}

http::response<http::string_body> call(const Running& exchange, http::verb method, const char* target) {
  asio::io_context context;
  Plain stream(context);
  stream.connect(exchange.endpoint());
  http::request<http::empty_body> request(method, target, 11);
  request.set(http::field::host, "localhost");
  request.keep_alive(false);
  http::write(stream, request);
  beast::flat_buffer buffer;
  http::response<http::string_body> response;
  http::read(stream, buffer, response);
  return response;
}

struct SecureClient {
  SecureClient(const Running& exchange, const std::string& ca_file, const std::string& host)
      : tls(asio::ssl::context::tls_client), socket(context, tls) {
    tls.load_verify_file(ca_file);
    socket.next_layer().set_verify_mode(asio::ssl::verify_peer);
    socket.next_layer().set_verify_callback(asio::ssl::host_name_verification(host));
    SSL_ctrl(socket.next_layer().native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
             const_cast<char*>(host.c_str()));
    beast::get_lowest_layer(socket).connect(exchange.endpoint());
  }
  asio::io_context context;
  asio::ssl::context tls;
  websocket::stream<Secure> socket;
};

}  // namespace

TEST_CASE("loopback, plain: a session, REST beside it, and an operator's cut") {
  Running exchange(one_market(20'000));
  asio::io_context context;
  websocket::stream<Plain> socket(context);
  socket.next_layer().connect(exchange.endpoint());
  talk(socket, 20'000);

  const auto page = call(exchange, http::verb::get, "/0/public/Trades?pair=XBTUSD&since=0&count=5");
  CHECK(page.result_int() == 200);
  CHECK(page.body().find("XXBTZUSD") != std::string::npos);
  CHECK(call(exchange, http::verb::get, "/elsewhere").result_int() == 404);

  CHECK(call(exchange, http::verb::post, "/simulator/cut?seconds=60").result_int() == 200);
  boost::system::error_code error;
  beast::flat_buffer buffer;
  while (!error) socket.read(buffer, error);
  CHECK(error != websocket::error::closed);  // no close frame came

  websocket::stream<Plain> again(context);
  again.next_layer().connect(exchange.endpoint());
  again.handshake("localhost", "/v2", error);
  CHECK(error);
  CHECK(call(exchange, http::verb::post, "/simulator/clear").result_int() == 200);
  websocket::stream<Plain> third(context);
  third.next_layer().connect(exchange.endpoint());
  third.handshake("localhost", "/v2", error);
  CHECK_FALSE(error);
}

TEST_CASE("loopback, plain: maintenance is a close frame, a ban an HTTP status, HTTP connections are kept") {
  Running exchange(one_market(100));
  asio::io_context context;
  websocket::stream<Plain> socket(context);
  socket.next_layer().connect(exchange.endpoint());
  talk(socket, 100);
  call(exchange, http::verb::post, "/simulator/maintenance");
  boost::system::error_code error;
  beast::flat_buffer buffer;
  while (!error) socket.read(buffer, error);
  CHECK(error == websocket::error::closed);
  CHECK(socket.reason().code == 1001);

  call(exchange, http::verb::post, "/simulator/ban?seconds=60&amount=403");
  websocket::stream<Plain> banned(context);
  banned.next_layer().connect(exchange.endpoint());
  websocket::response_type response;
  banned.handshake(response, "localhost", "/v2", error);
  CHECK(error);
  CHECK(response.result_int() == 403);

  Plain stream(context);
  stream.connect(exchange.endpoint());
  for (int i = 0; i < 3; ++i) {
    http::request<http::empty_body> request(http::verb::get, "/0/public/Time", 11);
    request.set(http::field::host, "localhost");
    http::write(stream, request);
    beast::flat_buffer bytes;
    http::response<http::string_body> answer;
    http::read(stream, bytes, answer);
    CHECK(answer.keep_alive());
  }
}

TEST_CASE("loopback, TLS: the certificate holds for localhost and for no other authority or name") {
  const Folder folder, other;
  const TestCertificates files = write_test_certificates(folder.path.string(), {"exchange.test"}).value();
  struct stat key{};
  REQUIRE(::stat(files.key_file.c_str(), &key) == 0);
  CHECK((key.st_mode & 0777) == 0600);

  LocalExchangeSettings settings = one_market(20'000);
  settings.tls = true;
  settings.certificate_file = files.certificate_file;
  settings.key_file = files.key_file;
  Running exchange(settings);

  for (const char* host : {"localhost", "exchange.test", "127.0.0.1"}) {
    INFO(host);
    SecureClient client(exchange, files.ca_file, host);
    boost::system::error_code error;
    client.socket.next_layer().handshake(asio::ssl::stream_base::client, error);
    CHECK(error.message() == "Success");
  }
  SecureClient client(exchange, files.ca_file, "localhost");
  client.socket.next_layer().handshake(asio::ssl::stream_base::client);
  talk(client.socket, 20'000);

  boost::system::error_code error;
  SecureClient wrong_name(exchange, files.ca_file, "api.kraken.com");
  wrong_name.socket.next_layer().handshake(asio::ssl::stream_base::client, error);
  CHECK(error);

  std::filesystem::create_directories(folder.path / "other");
  const TestCertificates strangers = write_test_certificates((folder.path / "other").string()).value();
  SecureClient wrong_authority(exchange, strangers.ca_file, "localhost");
  wrong_authority.socket.next_layer().handshake(asio::ssl::stream_base::client, error);
  CHECK(error);
}

TEST_CASE("loopback: run() returns at the end of the tape when asked to") {
  LocalExchangeSettings settings = one_market(500);
  settings.stop_at_end = true;
  auto exchange = LocalExchange::open(std::move(settings)).value();
  std::thread thread([&] { exchange->run(); });
  asio::io_context context;
  websocket::stream<Plain> socket(context);
  socket.next_layer().connect({asio::ip::make_address("127.0.0.1"), exchange->port()});
  talk(socket, 500);
  boost::system::error_code error;
  beast::flat_buffer buffer;
  while (!error) socket.read(buffer, error);
  CHECK(error == websocket::error::closed);
  thread.join();
  CHECK(exchange->statistics().trades_sent == 500);
}

TEST_CASE("loopback: a paced market sends every trade when its time has come") {
  LocalExchangeSettings settings = one_market(600, 60);
  settings.speed = 2'000;
  Running exchange(settings);
  asio::io_context context;
  websocket::stream<Plain> socket(context);
  socket.next_layer().connect(exchange.endpoint());
  const auto begin = std::chrono::steady_clock::now();
  talk(socket, 600);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  CHECK(seconds > 0.15);  // about ten minutes of market time
  CHECK(call(exchange, http::verb::get, "/simulator/status").body().find(R"("clock_started":true)") !=
        std::string::npos);
}

// Not part of a normal run: simulator_tests "[.speed]" prints what the exchange can feed to a client that only counts.
TEST_CASE("speed", "[.speed]") {
  const Folder folder;
  const TestCertificates files = write_test_certificates(folder.path.string()).value();
  for (const bool tls : {false, true}) {
    const std::int64_t trades = 2'000'000;
    LocalExchangeSettings settings = one_market(trades, 3'000);
    settings.frame_trades_max = 100;
    settings.tls = tls;
    settings.certificate_file = files.certificate_file;
    settings.key_file = files.key_file;
    Running exchange(settings);
    const auto begin = std::chrono::steady_clock::now();
    if (tls) {
      SecureClient client(exchange, files.ca_file, "localhost");
      client.socket.next_layer().handshake(asio::ssl::stream_base::client);
      talk(client.socket, trades);
    } else {
      asio::io_context context;
      websocket::stream<Plain> socket(context);
      socket.next_layer().connect(exchange.endpoint());
      talk(socket, trades);
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    WARN((tls ? "TLS   " : "plain ") << static_cast<double>(trades) / seconds << " trades/s");
  }
}
