// Result<T>: a value, or an error that says what the caller should do about it.
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace candled {

// What the caller should do about an error.
enum class Remedy {
  retry,      // temporary: the same call may succeed later
  reconnect,  // the connection is no longer usable; open a new one
  refuse,     // this input is wrong and stays wrong
  fatal,      // the process cannot go on
};

struct Error {
  Remedy remedy;
  std::string message;  // one line, names the thing, no trailing full stop
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> retry(std::string message) {
  return std::unexpected(Error{Remedy::retry, std::move(message)});
}
inline std::unexpected<Error> reconnect(std::string message) {
  return std::unexpected(Error{Remedy::reconnect, std::move(message)});
}
inline std::unexpected<Error> refuse(std::string message) {
  return std::unexpected(Error{Remedy::refuse, std::move(message)});
}
inline std::unexpected<Error> fatal(std::string message) {
  return std::unexpected(Error{Remedy::fatal, std::move(message)});
}

// A broken invariant: prints one line to standard error and aborts, in release too. systemd restarts, and start-up is recovery.
[[noreturn]] void invariant_failed(const char* what) noexcept;

}  // namespace candled
