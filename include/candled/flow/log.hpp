// Log: one event a line, suited to `tail -f`; text for people, JSON lines for programs. Never a line per trade.
//
//   2026-11-21T07:28:38.123Z info  candle closed  market=kraken:BTC/USD close=62807.1 trades=41
//   {"time":"2026-11-21T07:28:38.123Z","level":"info","event":"candle closed","market":"kraken:BTC/USD","close":"62807.1"}
#pragma once

#include <initializer_list>
#include <mutex>
#include <string>
#include <string_view>

#include "candled/domain/result.hpp"

namespace candled::flow {

enum class LogLevel { debug, info, warning, error };
enum class LogFormat { text, json };

struct LogSettings {
  LogLevel level = LogLevel::info;
  LogFormat format = LogFormat::text;
  std::string file;  // empty: standard error
  std::string mark =
      {};  // stands before every event: "simulated" keeps a demo's lines apart from real ones; usually empty
};

struct LogField {
  std::string_view key;
  std::string value;
};

// Thread-safe. A line is written with one call; a full disk loses lines, never the process.
class Log {
 public:
  // Throws std::runtime_error with one clear line when the file cannot be opened.
  explicit Log(LogSettings settings);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  void debug(std::string_view event, std::initializer_list<LogField> fields = {}) {
    write(LogLevel::debug, event, fields);
  }
  void info(std::string_view event, std::initializer_list<LogField> fields = {}) {
    write(LogLevel::info, event, fields);
  }
  void warning(std::string_view event, std::initializer_list<LogField> fields = {}) {
    write(LogLevel::warning, event, fields);
  }
  void error(std::string_view event, std::initializer_list<LogField> fields = {}) {
    write(LogLevel::error, event, fields);
  }
  bool enabled(LogLevel level) const { return level >= settings_.level; }

  // Reopens the file (after logrotate moved it). Keeps the old one if that fails.
  Result<void> reopen();

 private:
  void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields);

  const LogSettings settings_;
  std::mutex mutex_;
  int descriptor_;  // guarded by mutex_
};

}  // namespace candled::flow
