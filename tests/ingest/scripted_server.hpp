// A tiny server for session tests: what each WebSocket connection and each REST request gets is written in the test.
#pragma once

#include <functional>
#include <memory>
#include <string>

namespace candled::ingest {

// One WebSocket connection as a script sees it. Every call returns false when the connection is gone.
class Line {
 public:
  virtual ~Line() = default;
  virtual bool send(const std::string& text) = 0;
  virtual bool read(std::string& text) = 0;  // the next message of the client
  virtual void cut() = 0;                    // no close frame
};

struct Reply {
  unsigned status = 200;
  std::string body;
};

struct ServerScript {
  std::function<void(Line&, int connection)>
      stream;  // runs for each connection, from 0; then the line stays open, silent
  std::function<Reply(const std::string& target)> rest;
  unsigned upgrade_status = 101;           // anything else refuses the upgrade
  std::string certificate_file, key_file;  // PEM; set: TLS
};

class ScriptedServer {
 public:
  explicit ScriptedServer(ServerScript script);
  ~ScriptedServer();
  int port() const;
  int connections() const;  // WebSockets so far

 private:
  class Parts;
  std::unique_ptr<Parts> parts_;
};

// Writes a self-signed certificate for the given names ("DNS:localhost,IP:127.0.0.1") and its key.
void write_certificate(const std::string& names, const std::string& certificate_file, const std::string& key_file);

}  // namespace candled::ingest
