// StreamClients: the open event streams. One that reads too slowly is closed and counted, never waited for.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <set>
#include <string>

#include "server/routes.hpp"
#include "server/stream_feed.hpp"

namespace candled::server {

class StreamClient;

class StreamClients {
 public:
  // `before_query` is called in front of each look into the journal, to set its deadline.
  StreamClients(boost::asio::io_context& io, const ServerSettings& settings, StreamFeed& feed, HttpStatistics& http,
                std::function<void()> before_query);

  bool has_room() const;
  // Takes the socket; `header` is the answer's, the events follow it.
  void add(boost::asio::ip::tcp::socket socket, std::string header, const std::string& last_event_id);
  void remove(StreamClient& client, bool too_slow);

 private:
  void look_later();
  void look();
  void tell_all(const std::string& text);

  const ServerSettings& settings_;
  StreamFeed& feed_;
  HttpStatistics& http_;
  std::function<void()> before_query_;
  boost::asio::steady_timer timer_;
  std::set<std::shared_ptr<StreamClient>> clients_;
  bool looking_ = false;
  Duration last_told_;
};

}  // namespace candled::server
