#include "scripted_server.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <cstdio>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace candled::ingest {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using tcp = asio::ip::tcp;
using Failure = boost::system::error_code;

namespace {

template <class Stream>
class WebSocketLine final : public Line {
 public:
  explicit WebSocketLine(websocket::stream<Stream&>& stream) : stream_(stream) {}
  bool send(const std::string& text) override {
    Failure failure;
    stream_.write(asio::buffer(text), failure);
    return !failure;
  }
  bool read(std::string& text) override {
    beast::flat_buffer buffer;
    Failure failure;
    stream_.read(buffer, failure);
    text = beast::buffers_to_string(buffer.data());
    return !failure;
  }
  void cut() override {
    Failure failure;
    beast::get_lowest_layer(stream_).shutdown(tcp::socket::shutdown_both, failure);
  }

 private:
  websocket::stream<Stream&>& stream_;
};

}  // namespace

class ScriptedServer::Parts {
 public:
  explicit Parts(ServerScript script)
      : script_(std::move(script)), acceptor_(io_, {asio::ip::make_address("127.0.0.1"), 0}) {
    if (!script_.certificate_file.empty()) {
      tls_.use_certificate_chain_file(script_.certificate_file);
      tls_.use_private_key_file(script_.key_file, asio::ssl::context::pem);
    }
    threads_.emplace_back([this] { accept(); });
  }

  ~Parts() {
    stopping_ = true;
    Failure failure;
    tcp::socket(io_).connect(acceptor_.local_endpoint(), failure);  // wakes accept()
    threads_.front().join();
    {
      const std::lock_guard lock(mutex_);
      for (tcp::socket* socket : sockets_) socket->shutdown(tcp::socket::shutdown_both, failure);
    }
    for (std::size_t i = 1; i < threads_.size(); ++i) threads_[i].join();
  }

  int port() const { return acceptor_.local_endpoint().port(); }

  std::atomic<int> connections{0};

 private:
  void accept() {
    for (;;) {
      auto socket = std::make_unique<tcp::socket>(io_);
      Failure failure;
      acceptor_.accept(*socket, failure);
      if (stopping_ || failure) return;
      threads_.emplace_back([this, mine = std::move(socket)] { talk(*mine); });
    }
  }

  void talk(tcp::socket& socket) {
    {
      const std::lock_guard lock(mutex_);
      sockets_.push_back(&socket);
    }
    if (script_.certificate_file.empty()) {
      serve(socket);
    } else {
      asio::ssl::stream<tcp::socket&> stream(socket, tls_);
      Failure failure;
      stream.handshake(asio::ssl::stream_base::server, failure);
      if (!failure) serve(stream);
    }
    const std::lock_guard lock(mutex_);
    std::erase(sockets_, &socket);
  }

  template <class Stream>
  void serve(Stream& stream) {
    beast::flat_buffer buffer;
    for (Failure failure;;) {
      http::request<http::string_body> request;
      http::read(stream, buffer, request, failure);
      if (failure) return;
      if (websocket::is_upgrade(request) && script_.upgrade_status == 101) return serve_stream(stream, request);
      Reply reply{404, ""};
      if (websocket::is_upgrade(request)) {
        reply.status = script_.upgrade_status;
      } else if (script_.rest) {
        reply = script_.rest(std::string(request.target()));
      }
      http::response<http::string_body> response;
      response.result(reply.status);
      response.body() = reply.body;
      response.prepare_payload();
      http::write(stream, response, failure);
      if (failure) return;
    }
  }

  template <class Stream>
  void serve_stream(Stream& stream, const http::request<http::string_body>& request) {
    websocket::stream<Stream&> socket(stream);
    Failure failure;
    socket.accept(request, failure);
    if (failure) return;
    WebSocketLine<Stream> line(socket);
    script_.stream(line, connections++);
    std::string text;
    while (line.read(text)) {
    }
  }

  ServerScript script_;
  asio::io_context io_;
  asio::ssl::context tls_{asio::ssl::context::tls_server};
  tcp::acceptor acceptor_;
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::vector<tcp::socket*> sockets_;
  std::vector<std::thread> threads_;
};

ScriptedServer::ScriptedServer(ServerScript script) : parts_(std::make_unique<Parts>(std::move(script))) {}
ScriptedServer::~ScriptedServer() = default;
int ScriptedServer::port() const { return parts_->port(); }
int ScriptedServer::connections() const { return parts_->connections; }

void write_certificate(const std::string& names, const std::string& certificate_file, const std::string& key_file) {
  EVP_PKEY* key = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
  X509* certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  X509_NAME* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("candled test"), -1, -1,
                             0);
  X509_set_issuer_name(certificate, name);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_sign(certificate, key, EVP_sha256());
  std::FILE* file = std::fopen(certificate_file.c_str(), "w");
  PEM_write_X509(file, certificate);
  std::fclose(file);
  file = std::fopen(key_file.c_str(), "w");
  PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(file);
  X509_EXTENSION_free(extension);
  X509_free(certificate);
  EVP_PKEY_free(key);
}

}  // namespace candled::ingest
