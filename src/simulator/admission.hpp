// Admission: who may connect and ask, by IP address: the limit on connections with its ban, and the pace of REST.
#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <string>

#include "candled/net/token_bucket.hpp"
#include "simulator/limits.hpp"

namespace candled::simulator {

class Admission {
 public:
  explicit Admission(const Limits& limits) : limits_(limits) {}

  // Counts an attempt to open a WebSocket; false while the address is banned.
  bool connect(const std::string& address, Duration wall) {
    if (limits_.connections <= 0) return true;
    Visitor& visitor = visit(address);
    if (wall < visitor.banned_until) return false;
    std::deque<Duration>& attempts = visitor.attempts;
    while (!attempts.empty() && wall - attempts.front() >= limits_.connections_window) attempts.pop_front();
    attempts.push_back(wall);
    if (attempts.size() <= static_cast<std::size_t>(limits_.connections)) return true;
    attempts.clear();
    visitor.banned_until = wall + limits_.connections_window;
    return false;
  }
  // `cost` is what the call takes of the address's pace.
  struct Call {
    bool allowed;
    double used;  // of what the address may use at once
  };
  Call call(const std::string& address, double cost, Duration wall) {
    net::TokenBucket& calls = visit(address).calls;
    const bool allowed = calls.take(wall, cost);
    return {allowed, calls.used(wall)};
  }

 private:
  static constexpr std::size_t visitors_max = 10'000;

  struct Visitor {
    net::TokenBucket calls;
    std::deque<Duration> attempts;
    Duration banned_until;
  };
  Visitor& visit(const std::string& address) {
    if (visitors_.size() >= visitors_max) visitors_.clear();
    return visitors_
        .try_emplace(address,
                     Visitor{net::TokenBucket::per_second(limits_.rest_calls_per_second, limits_.rest_burst), {}, {}})
        .first->second;
  }

  Limits limits_;
  std::map<std::string, Visitor> visitors_;
};

}  // namespace candled::simulator
