// HttpConnection: one connection to a host, which answers one request after the other until it fails or the server wants it closed.
#pragma once

#include <memory>
#include <string>

#include "candled/net/loop.hpp"
#include "candled/net/rest.hpp"
#include "candled/net/url.hpp"

namespace candled::net {

class HttpConnection {
 public:
  // Dependencies, not owned.
  HttpConnection(Loop& loop, const Url& url, const std::string& ca_file);

  // Connects first where it has not yet. An error costs the connection. The answer stays until the next call.
  Task<Result<void>> ask(const RestRequest& request);

  unsigned status() const { return status_; }
  const Headers& headers() const { return headers_; }
  const std::string& body() const { return body_; }  // with text_padding behind it
  bool answered() const { return answered_; }        // one request at least
  bool reusable() const { return reusable_; }

 private:
  Task<Result<void>> talk(const RestRequest& request);
  std::string text_of(const RestRequest& request) const;

  Loop& loop_;
  const Url& url_;
  const std::string& ca_file_;
  std::unique_ptr<flow::ByteStream> stream_;  // null until it is connected
  std::string received_;                      // and not read yet
  unsigned status_ = 0;
  Headers headers_;
  std::string body_;
  bool answered_ = false;
  bool reusable_ = false;
};

}  // namespace candled::net
