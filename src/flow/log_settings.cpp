#include "candled/flow/log_settings.hpp"

#include <array>
#include <string_view>

#include "candled/domain/section.hpp"

namespace candled::flow {
namespace {

constexpr std::array<std::string_view, 4> levels = {"debug", "info", "warning", "error"};  // as LogLevel
constexpr std::array<std::string_view, 2> formats = {"text", "json"};                      // as LogFormat

}  // namespace

void describe(Section& section, LogSettings& settings) {
  section.one_of({.name = "level",
                  .help = "\"debug\", \"info\", \"warning\" or \"error\": lines below this level are left out. No "
                          "level writes a line per "
                          "trade.",
                  .decides = false},
                 settings.level, levels);
  section.one_of(
      {.name = "format", .help = "\"text\" for people, \"json\" (one object a line) for programs.", .decides = false},
      settings.format, formats);
  section.text(
      {.name = "file",
       .help = "The file to append to; SIGHUP reopens it after logrotate has moved it. Empty: standard error, which "
               "systemd keeps.",
       .decides = false},
      settings.file, nullptr);
}

}  // namespace candled::flow
