#include <catch2/catch.hpp>

#include "candled/flow/clock.hpp"
#include "candled/flow/thread.hpp"
#include "server/running_server.hpp"

using namespace candled;
using namespace candled::tests;
using Catch::Contains;

namespace {

std::string request(std::string_view method, std::string_view fields) {
  return std::string(method) + " /health HTTP/1.1\r\n" + std::string(fields) + "\r\n";
}

}  // namespace

TEST_CASE("one connection serves several requests, also when they come at once") {
  RunningServer running;
  Client client(running.server.port());
  CHECK(client.get("/health").status == 200);
  CHECK(client.get("/nothing").status == 404);
  client.send(request("GET", "Host: localhost\r\n") + request("GET", "Host: localhost\r\n"));
  CHECK(client.receive().status == 200);
  CHECK(client.receive().status == 200);
  client.send(request("GET", "Host: localhost\r\nConnection: close\r\n"));
  CHECK(client.receive().status == 200);
  CHECK(client.closed());
}

TEST_CASE("HEAD is GET without the body") {
  RunningServer running;
  Client client(running.server.port());
  const Answer get = client.get("/api/v1/models");
  client.send("HEAD /api/v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK(client.receive(false).header == get.header);
  CHECK(client.get("/health").status == 200);
}

TEST_CASE("other methods and bodies are refused") {
  RunningServer running;
  for (const std::string method : {"PUT", "DELETE", "OPTIONS", "BREW"}) {
    INFO(method);
    const Answer answer = running.raw(request(method, "Host: localhost\r\n"));
    CHECK(answer.status == 405);
    CHECK_THAT(answer.header, Contains("Allow: GET, HEAD"));
    CHECK(running.raw(method + " /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n").status == 404);
  }
  CHECK(running.raw(request("GET", "Host: localhost\r\nContent-Length: 5\r\n") + "hello").status == 413);
  CHECK(running.raw(request("GET", "Host: localhost\r\nContent-Length: 99999999999\r\n")).status == 413);
  CHECK(running.raw(request("GET", "Host: localhost\r\nTransfer-Encoding: chunked\r\n")).status == 413);
}

TEST_CASE("what is not HTTP/1.1 is refused and closed") {
  RunningServer running;
  for (const std::string bytes :
       {"hello\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/2.0\r\n\r\n", "\x16\x03\x01\x02\r\n\r\n",
        "GET / HTTP/1.1\r\nHost localhost\r\n\r\n", "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"}) {
    INFO(bytes);
    Client client(running.server.port());
    client.send(bytes);
    CHECK(client.receive().status == 400);
    CHECK(client.closed());
  }
  CHECK(running.get("/health").status == 200);
}

TEST_CASE("an oversized header is refused, and the client hears it") {
  RunningServer running;
  CHECK(running.get("/health", "X-Long: " + std::string(20'000, 'a') + "\r\n").status == 431);
  CHECK(running.get("/health", "X-Long: " + std::string(200'000, 'a') + "\r\n").status == 431);
  std::string many;
  for (int i = 0; i < 2'000; ++i) many += "X: y\r\n";
  CHECK(running.get("/health", many).status == 431);
  CHECK(running.raw("GET /" + std::string(20'000, 'a')).status == 431);
  CHECK(running.get("/health", "X-Long: " + std::string(4'000, 'a') + "\r\n").status == 200);
}

TEST_CASE("only names of loopback are answered there") {
  RunningServer running;
  const auto status = [&](const std::string& fields) { return running.raw(request("GET", fields)).status; };
  for (const std::string host : {"localhost", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:8501", "[::1]", "[::1]:8501"}) {
    INFO(host);
    CHECK(status("Host: " + host + "\r\n") == 200);
  }
  for (const std::string host :
       {"evil.example", "evil.example:8501", "localhost.evil.example", "127.0.0.1.evil.example", "localhost:x",
        "localhost:", "::1", "[::1", "[::1]x", "192.168.0.1", ""}) {
    INFO(host);
    CHECK(status("Host: " + host + "\r\n") == 403);
  }
  CHECK(status("") == 403);
  CHECK(status("Host: localhost\r\nHost: evil.example\r\n") == 403);
}

TEST_CASE("the token is asked for everywhere but at /health") {
  server::ServerSettings settings;
  settings.token = "s3cret";
  RunningServer running(settings);
  const auto status = [&](const std::string& fields) { return running.get("/metrics", fields).status; };
  CHECK(running.get("/health").status == 200);
  CHECK(running.get("/").status == 200);
  CHECK(running.get("/openapi.json").status == 200);
  CHECK(running.get("/healthy").status == 401);
  CHECK(running.get("//").status == 401);
  CHECK(running.get("/api/v1/status").status == 401);
  CHECK_THAT(running.get("/metrics").header, Contains("WWW-Authenticate: Bearer"));
  CHECK(status("Authorization: Bearer s3cret\r\n") == 200);
  CHECK(status("authorization: bearer s3cret\r\n") == 200);
  for (const std::string wrong : {"Bearer s3cre", "Bearer s3crets", "Bearer s3crett", "Bearer  s3cret", "Bearer ",
                                  "Bearer", "Basic s3cret", "s3cret", ""}) {
    INFO(wrong);
    CHECK(status("Authorization: " + wrong + "\r\n") == 401);
  }
  CHECK(status("Authorization: Bearer s3cret\r\nAuthorization: Bearer x\r\n") == 401);
}

TEST_CASE("a slow client holds nobody up and is cut in the end") {
  server::ServerSettings settings;
  settings.timeout = Duration::seconds(1);
  RunningServer running(settings);
  Client slow(running.server.port());
  slow.send("GET /health HTTP/1.1\r\nHo");
  const Duration before = flow::monotonic_now();
  for (int i = 0; i < 20; ++i) CHECK(running.get("/health").status == 200);
  CHECK(flow::monotonic_now() - before < Duration::milliseconds(900));
  for (int i = 0; i < 4; ++i) {  // trickling does not help
    flow::pause(Duration::milliseconds(300));
    slow.send("s");
  }
  CHECK(slow.receive().status == 0);
  Client idle(running.server.port());
  CHECK(idle.get("/health").status == 200);
  CHECK(idle.closed());
}

TEST_CASE("no more connections than agreed") {
  server::ServerSettings settings;
  settings.connections_max = 2;
  RunningServer running(settings);
  {
    Client first(running.server.port()), second(running.server.port());
    CHECK(first.get("/health").status == 200);
    CHECK(second.get("/health").status == 200);
    Client third(running.server.port());
    CHECK(third.receive().status == 503);
    CHECK_THAT(first.get("/metrics").body,
               Contains("candled_http_refused_connections_total 1\n") && Contains("candled_http_connections 2\n"));
  }
  int status = 503;  // the server notices the closed ones when it comes to them
  for (int i = 0; i < 100 && status != 200; ++i) {
    flow::pause(Duration::milliseconds(20));
    status = running.get("/health").status;
  }
  CHECK(status == 200);
}

TEST_CASE("a server that cannot start says so in one line") {
  RunningServer running;
  const auto check = [&](const std::string& listen, const std::string& token, const std::string& message) {
    INFO(listen);
    server::ServerSettings settings;
    settings.listen = listen;
    settings.token = token;
    settings.database = running.journal.path();
    CHECK_THROWS_WITH(server::Server(settings, {}, running.log), Catch::Equals(message));
  };
  const std::string busy = "127.0.0.1:" + std::to_string(running.server.port());
  check(busy, "", "cannot listen on " + busy + ": address already in use");
  check("0.0.0.0:0", "", "cannot listen on 0.0.0.0:0: other machines reach it, which needs a [server] token");
  check("[::]:0", "", "cannot listen on [::]:0: other machines reach it, which needs a [server] token");
  check("0.0.0.0:0", std::string(31, 'x'),
        "cannot listen on 0.0.0.0:0: other machines reach it, which needs a [server] token of 32 characters or more");
  check("203.0.113.7:0", std::string(32, 'x'), "cannot listen on 203.0.113.7:0: cannot assign requested address");
  for (const std::string wrong :
       {"", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "example.org:80", "[::1:80", "[127.0.0.1]:80"}) {
    check(wrong, "", "cannot listen on '" + wrong + "': not of the form ADDRESS:PORT");
  }
  server::ServerSettings settings;
  settings.listen = "127.0.0.1:0";
  settings.database = running.journal.folder / "none.sqlite";
  CHECK_THROWS_WITH(server::Server(settings, {}, running.log), Contains("none.sqlite"));
}

TEST_CASE("with a token another address answers, whatever the Host header says") {
  server::ServerSettings settings;
  settings.listen = "0.0.0.0:0";
  settings.token = std::string(32, 'x');
  RunningServer running(settings);
  CHECK(running.raw(request("GET", "Host: pi.example\r\n")).status == 200);
  CHECK(running.get("/metrics").status == 401);
}

TEST_CASE("a stop that comes before the start is not forgotten") {
  SmallJournal journal("candled_server_stop_test");
  flow::Log log({flow::LogLevel::error, flow::LogFormat::text, ""});
  server::ServerSettings settings;
  settings.listen = "127.0.0.1:0";
  settings.database = journal.path();
  server::Server server(settings, {}, log);
  server.request_stop();
  server.run();
  SUCCEED("run() has returned");
}

TEST_CASE("a failing source is an answer, not the end") {
  SmallJournal journal("candled_server_source_test");
  flow::Log log({flow::LogLevel::error, flow::LogFormat::text, RunningServer::log_file()});
  server::ServerSettings settings;
  settings.listen = "127.0.0.1:0";
  settings.database = journal.path();
  server::Server server(settings, {}, log);  // empty functions throw
  std::jthread thread([&] { server.run(); });
  CHECK(Client(server.port()).get("/metrics").status == 500);
  CHECK(Client(server.port()).get("/api/v1/models").status == 200);
  server.request_stop();
}
