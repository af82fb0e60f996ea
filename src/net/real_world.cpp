#include "candled/net/real_world.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <random>
#include <set>
#include <utility>

#include "candled/flow/clock.hpp"
#include "net/real_streams.hpp"

namespace candled::net {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using boost::system::error_code;

// Shared with what Asio holds of it; empty when nobody is to be called any more.
template <class... Values>
using Act = std::shared_ptr<std::function<void(Values...)>>;

template <class... Values>
class RealPending final : public flow::Pending {
 public:
  explicit RealPending(Act<Values...> act) : act_(std::move(act)) {}
  ~RealPending() override { *act_ = nullptr; }

 private:
  Act<Values...> act_;
};

template <class... Values>
void call(const Act<Values...>& act, Values... values) {
  const std::function<void(Values...)> function = std::exchange(*act, nullptr);
  if (function) function(std::move(values)...);
}

class RealTimer final : public flow::Pending {
 public:
  RealTimer(asio::io_context& io, Duration time, Act<> act)
      : timer_(io, std::chrono::nanoseconds(time.ns)), act_(std::move(act)) {
    timer_.async_wait([held = act_](error_code cancelled) {
      if (!cancelled) call<>(held);
    });
  }
  ~RealTimer() override { *act_ = nullptr; }

 private:
  asio::steady_timer timer_;
  Act<> act_;
};

class RealWorld final : public flow::World {
 public:
  ~RealWorld() override {
    if (lookups_ > 0) (void)io_.release();  // to destroy it is to wait for the resolver's thread
  }

  Duration now() const override { return flow::monotonic_now(); }
  Timestamp wall_now() const override { return flow::wall_now(); }
  std::uint64_t random() override {
    std::random_device device;
    return (std::uint64_t{device()} << 32) | device();
  }

  std::unique_ptr<flow::Pending> after(Duration time, std::function<void()> act) override {
    auto shared = std::make_shared<std::function<void()>>(std::move(act));
    if (time.ns > 0) return std::make_unique<RealTimer>(*io_, time, std::move(shared));
    asio::post(*io_, [shared] { call<>(shared); });
    return std::make_unique<RealPending<>>(std::move(shared));
  }

  std::unique_ptr<flow::Pending> resolve(std::string host,
                                         std::function<void(Result<std::vector<std::string>>)> done) override {
    auto shared = std::make_shared<std::function<void(Result<std::vector<std::string>>)>>(std::move(done));
    ++lookups_;
    resolver_.async_resolve(host, "",
                            [this, shared](const error_code& error, const tcp::resolver::results_type& found) {
                              --lookups_;
                              call<Result<std::vector<std::string>>>(shared, addresses_of(error, found));
                            });
    return std::make_unique<RealPending<Result<std::vector<std::string>>>>(std::move(shared));
  }

  Result<void> check_authorities(const std::string& ca_file) override {
    const Result<TlsContext> read = authorities_.of(ca_file);
    return read ? Result<void>{} : std::unexpected(read.error());
  }
  std::unique_ptr<flow::ByteStream> byte_stream() override { return real_byte_stream(*io_, authorities_); }
  std::unique_ptr<flow::MessageStream> message_stream() override { return real_message_stream(*io_, authorities_); }

  void post(std::function<void()> act) override { asio::post(*io_, std::move(act)); }
  void run() override {
    const auto busy = asio::make_work_guard(*io_);
    io_->restart();
    io_->run();
  }
  void stop() override { io_->stop(); }

 private:
  static Result<std::vector<std::string>> addresses_of(const error_code& error,
                                                       const tcp::resolver::results_type& found) {
    if (error) return retry(error.message());
    std::vector<std::string> addresses;
    for (const auto& entry : found) addresses.push_back(entry.endpoint().address().to_string());
    return addresses;
  }

  Authorities authorities_;
  std::unique_ptr<asio::io_context> io_ = std::make_unique<asio::io_context>(1);
  tcp::resolver resolver_{*io_};
  int lookups_ = 0;
};

}  // namespace

std::unique_ptr<flow::World> make_real_world() { return std::make_unique<RealWorld>(); }

}  // namespace candled::net
