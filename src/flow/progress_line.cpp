#include "candled/flow/progress_line.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "candled/flow/clock.hpp"

namespace candled::flow {
namespace {

constexpr Duration redraw_every = Duration::milliseconds(100);
constexpr Duration log_every = Duration::seconds(5);

std::string bar(double part) {
  constexpr int width = 24;
  const int full = std::clamp(static_cast<int>(part * width), 0, width);
  return std::string(static_cast<std::size_t>(full), '#') + std::string(static_cast<std::size_t>(width - full), '.');
}

std::string seconds_text(Duration d) {
  return to_text(Duration::seconds(std::max<std::int64_t>(1, d / Duration::seconds(1))));
}

}  // namespace

ProgressLine::ProgressLine(std::string what, flow::Log& log)
    : what_(std::move(what)), log_(log), on_terminal_(::isatty(STDERR_FILENO) == 1), started_(flow::monotonic_now()) {}

void ProgressLine::show(const std::string& event, const ProgressFigures& figures) {
  const Duration now = flow::monotonic_now();
  if (now - last_shown_ < (on_terminal_ ? redraw_every : log_every)) return;
  last_shown_ = now;
  const std::string percent = fmt::format("{:.1f}%", figures.part_done * 100);
  const std::string rate = fmt::format("{:.0f}", figures.per_second);
  const std::string reached = to_iso8601(figures.reached).substr(0, 16);
  if (on_terminal_) {
    fmt::print(stderr, "\r\033[K{} [{}] {} {} {}, {}/s, at {}, {} left", what_, bar(figures.part_done), percent,
               figures.count, figures.unit, rate, reached, seconds_text(figures.left));
    std::fflush(stderr);
    drawn_ = true;
    return;
  }
  log_.info(event, {{"market", what_},
                    {"done", percent},
                    {figures.unit, std::to_string(figures.count)},
                    {"per_second", rate},
                    {"reached", reached},
                    {"left", seconds_text(figures.left)}});
}

void ProgressLine::show(const std::string& unit, std::int64_t count, double part_done) {
  const Duration now = flow::monotonic_now();
  // Short work says nothing at all.
  if (now - std::max(last_shown_, started_) < (on_terminal_ ? redraw_every : log_every)) return;
  last_shown_ = now;
  const double seconds = static_cast<double>((now - started_).ns) / 1e9;
  const std::string percent = fmt::format("{:.1f}%", part_done * 100);
  const std::string rate = fmt::format("{:.0f}", static_cast<double>(count) / seconds);
  const std::string left =
      part_done > 0 ? seconds_text(Duration{static_cast<std::int64_t>(seconds * 1e9 * (1 - part_done) / part_done)})
                    : std::string("?");
  if (on_terminal_) {
    fmt::print(stderr, "\r\033[K{} [{}] {} {} {}, {}/s, {} left", what_, bar(part_done), percent, count, unit, rate,
               left);
    std::fflush(stderr);
    drawn_ = true;
    return;
  }
  log_.info(what_, {{"done", percent}, {unit, std::to_string(count)}, {"per_second", rate}, {"left", left}});
}

void ProgressLine::finish() {
  if (drawn_) fmt::print(stderr, "\n");
}

}  // namespace candled::flow
