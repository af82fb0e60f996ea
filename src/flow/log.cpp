#include "candled/flow/log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "candled/domain/json_writer.hpp"
#include "candled/flow/clock.hpp"

namespace candled::flow {
namespace {

constexpr std::array level_names{"debug", "info", "warning", "error"};

// Milliseconds are enough for people; the fraction is always there so that columns line up.
std::string stamp(Timestamp now) {
  const std::string second = to_iso8601(floor_to(now, Duration::seconds(1)));
  const std::int64_t ms = (now - floor_to(now, Duration::seconds(1))).ns / 1'000'000;
  return fmt::format("{}.{:03}Z", std::string_view(second).substr(0, 19), ms);
}

// Control characters never reach the log raw: a hostile text cannot start a line of its own.
void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      fmt::format_to(std::back_inserter(out), "\\{}", c);
    } else if (byte < 0x20 || byte == 0x7f) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
    } else {
      out.push_back(c);
    }
  }
}

void append_text_value(std::string& out, std::string_view text) {
  if (!text.empty() && text.find_first_of(" \"\\=\t\n\r") == std::string_view::npos) return append_escaped(out, text);
  out.push_back('"');
  append_escaped(out, text);
  out.push_back('"');
}

std::string text_line(const LogSettings& settings, std::string_view level, std::string_view event,
                      std::initializer_list<LogField> fields) {
  std::string line = fmt::format("{} {:<7} ", stamp(wall_now()), level);
  if (!settings.mark.empty()) fmt::format_to(std::back_inserter(line), "[{}] ", settings.mark);
  append_escaped(line, event);
  for (const LogField& field : fields) {
    fmt::format_to(std::back_inserter(line), "{}{}=", &field == fields.begin() ? "  " : " ", field.key);
    append_text_value(line, field.value);
  }
  return line;
}

std::string json_line(const LogSettings& settings, std::string_view level, std::string_view event,
                      std::initializer_list<LogField> fields) {
  std::string line;
  JsonWriter json(line);
  json.begin_object().member("time", stamp(wall_now())).member("level", level).member("event", event);
  if (!settings.mark.empty()) json.member("mark", settings.mark);
  for (const LogField& field : fields) json.member(field.key, field.value);
  json.end_object();
  return line;
}

int open_for_append(const std::string& file) {
  return ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
}

}  // namespace

Log::Log(LogSettings settings) : settings_(std::move(settings)), descriptor_(STDERR_FILENO) {
  if (settings_.file.empty()) return;
  descriptor_ = open_for_append(settings_.file);
  if (descriptor_ < 0)
    throw std::runtime_error(fmt::format("cannot open log file {}: {}", settings_.file, std::strerror(errno)));
}

Log::~Log() {
  if (descriptor_ != STDERR_FILENO) ::close(descriptor_);
}

Result<void> Log::reopen() {
  if (settings_.file.empty()) return {};
  const int fresh = open_for_append(settings_.file);
  if (fresh < 0) return retry(fmt::format("cannot reopen log file {}: {}", settings_.file, std::strerror(errno)));
  const std::lock_guard lock(mutex_);
  ::close(std::exchange(descriptor_, fresh));
  return {};
}

void Log::write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  if (!enabled(level)) return;
  const char* level_name = level_names[static_cast<std::size_t>(level)];
  std::string line = settings_.format == LogFormat::text ? text_line(settings_, level_name, event, fields)
                                                         : json_line(settings_, level_name, event, fields);
  line.push_back('\n');
  const std::lock_guard lock(mutex_);
  [[maybe_unused]] const ssize_t written = ::write(descriptor_, line.data(), line.size());
}

}  // namespace candled::flow
