#include "report/plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/axis.hpp"
#include "candled/report/report.hpp"

namespace candled::report {
namespace {

constexpr double width = 960, left = 78, right = 14, top = 12, bottom = 44;
constexpr std::size_t parts = 480;  // of a line: two points each

class Scale {
 public:
  Scale(double low, double high, double begin, double end) : low_(low), high_(high > low ? high : low + 1), begin_(begin), end_(end) {}
  double at(double value) const { return begin_ + (value - low_) / (high_ - low_) * (end_ - begin_); }
  double low() const { return low_; }
  double high() const { return high_; }

 private:
  double low_, high_, begin_, end_;
};

struct Bounds {
  double low = INFINITY, high = -INFINITY;
  void add(double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

Scale y_scale(const PlotFrame& frame, Bounds bounds) {
  if (frame.with_zero) bounds.add(0);
  if (!(bounds.high >= bounds.low)) bounds = {0, 1};
  const double span = bounds.high - bounds.low;
  const double room = span > 0 ? span * 0.04 : std::max(std::abs(bounds.high) * 0.01, 1e-9);
  const bool at_zero_low = frame.with_zero && bounds.low == 0, at_zero_high = frame.with_zero && bounds.high == 0 && span > 0;
  return {at_zero_low ? 0 : bounds.low - room, at_zero_high ? 0 : bounds.high + room, frame.height - bottom, top};
}

std::string axes(const PlotFrame& frame, const Scale& x, const Scale& y) {
  std::string out;
  for (const Tick& tick : ticks_of(frame.y_axis, y.low(), y.high(), frame.height > 250 ? 8 : 5)) {
    out += fmt::format("<line class=\"grid\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/><text class=\"tick\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>",
                       left, width - right, y.at(tick.at), y.at(tick.at), left - 8, y.at(tick.at) + 4, tick.text);
  }
  for (const Tick& tick : ticks_of(frame.x_axis, x.low(), x.high(), 8)) {
    out += fmt::format("<line class=\"grid\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/><text class=\"tick\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>",
                       x.at(tick.at), x.at(tick.at), top, frame.height - bottom, x.at(tick.at), frame.height - bottom + 17,
                       x.at(tick.at) > width - right - 30 ? "end" : "middle", tick.text);
  }
  if (y.low() < 0 && y.high() > 0) {
    out += fmt::format("<line class=\"zero\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>", left, width - right, y.at(0), y.at(0));
  }
  if (!frame.y_label.empty()) {
    out += fmt::format("<text class=\"label\" transform=\"translate(12 {:.1f}) rotate(-90)\" text-anchor=\"middle\">{}</text>", (top + frame.height - bottom) / 2,
                       html_text(frame.y_label));
  }
  if (!frame.x_label.empty()) {
    out += fmt::format("<text class=\"label\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>", (left + width - right) / 2, frame.height - 8,
                       html_text(frame.x_label));
  }
  return out;
}

std::string begin_svg(const PlotFrame& frame) {
  return fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">", width, frame.height, html_text(frame.title));
}

// The lowest and the highest point of each part, in their order.
std::vector<PlotPoint> thinned(const std::vector<PlotPoint>& points) {
  if (points.size() <= 2 * parts) return points;
  std::vector<PlotPoint> kept{points.front()};
  for (std::size_t part = 0; part < parts; ++part) {
    const auto begin = points.begin() + static_cast<std::ptrdiff_t>(points.size() * part / parts);
    const auto end = points.begin() + static_cast<std::ptrdiff_t>(points.size() * (part + 1) / parts);
    auto [low, high] = std::minmax_element(begin, end, [](const PlotPoint& a, const PlotPoint& b) { return a.y < b.y; });
    kept.push_back(low < high ? *low : *high);
    kept.push_back(low < high ? *high : *low);
  }
  kept.push_back(points.back());
  return kept;
}

std::string path_of(const std::vector<PlotPoint>& points, const Scale& x, const Scale& y) {
  std::string path;
  for (const PlotPoint& point : points) path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", x.at(point.x), y.at(point.y));
  return path;
}

std::string legend(const std::vector<PlotLine>& lines) {
  std::string out = "<div class=\"legend\">";
  for (const PlotLine& line : lines) out += fmt::format("<span><i class=\"b{}\"></i>{}</span>", line.color, html_text(line.name));
  return out + "</div>";
}

}  // namespace

std::string html_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string line_plot(const PlotFrame& frame, const std::vector<PlotLine>& lines, const std::vector<PlotMark>& marks) {
  Bounds across, upward;
  for (const PlotLine& line : lines) {
    for (const PlotPoint& point : line.points) across.add(point.x), upward.add(point.y);
  }
  for (const PlotMark& mark : marks) upward.add(mark.at.y);
  if (!(across.high >= across.low)) return "<p class=\"muted\">Nothing to show.</p>";
  const Scale x(across.low, across.high, left, width - right), y = y_scale(frame, upward);
  std::string out = lines.size() > 1 ? legend(lines) : "";
  out += begin_svg(frame) + axes(frame, x, y);
  if (frame.diagonal) {
    const double low = std::max(x.low(), y.low()), high = std::min(x.high(), y.high());
    out += fmt::format("<line class=\"ideal\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>", x.at(low), y.at(low), x.at(high), y.at(high));
  }
  for (const PlotLine& line : lines) {
    if (line.points.empty()) continue;
    const std::vector<PlotPoint> points = thinned(line.points);
    const std::string path = path_of(points, x, y);
    if (frame.filled) {
      out += fmt::format("<path class=\"area c{}\" d=\"{}L{:.1f} {:.1f}L{:.1f} {:.1f}Z\"/>", line.color, path, x.at(points.back().x), y.at(0), x.at(points.front().x), y.at(0));
    }
    out += fmt::format("<path class=\"line c{}\" d=\"{}\"/>", line.color, path);
    if (points.size() <= 12) {
      for (const PlotPoint& point : points) out += fmt::format("<circle class=\"dot c{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3.5\"/>", line.color, x.at(point.x), y.at(point.y));
    }
  }
  for (const PlotMark& mark : marks) {
    const double mx = x.at(mark.at.x), my = y.at(mark.at.y), tip = mark.up ? -5 : 5;
    out += fmt::format("<path class=\"{}\" d=\"M{:.1f} {:.1f}l-4 {}h8Z\"/>", mark.up ? "buy" : "sell", mx, my, -tip * 1.6);
  }
  return out + "</svg>";
}

std::string histogram(const PlotFrame& frame, const std::vector<Bar>& bars, int color) {
  Bounds across, upward;
  for (const Bar& bar : bars) across.add(bar.from), across.add(bar.to), upward.add(bar.height);
  if (!(across.high > across.low)) return "<p class=\"muted\">Nothing to show.</p>";
  PlotFrame with_zero = frame;
  with_zero.with_zero = true;
  const Scale x(across.low, across.high, left, width - right), y = y_scale(with_zero, upward);
  std::string out = begin_svg(frame) + axes(frame, x, y);
  for (const Bar& bar : bars) {
    out += fmt::format("<rect class=\"bar f{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>", color, x.at(bar.from) + 0.5, y.at(bar.height),
                       std::max(0.5, x.at(bar.to) - x.at(bar.from) - 1), y.at(0) - y.at(bar.height));
  }
  if (across.low < 0 && across.high > 0) {
    out += fmt::format("<line class=\"zero\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>", x.at(0), x.at(0), top, frame.height - bottom);
  }
  return out + "</svg>";
}

std::string bar_list(const std::string& title, const std::string& unit, const std::vector<NamedBar>& bars) {
  constexpr double row = 22, names = 210, figures = 90;
  if (bars.empty()) return "<p class=\"muted\">Nothing to show.</p>";
  const double longest = std::ranges::max(bars, {}, &NamedBar::value).value;
  const double height = row * static_cast<double>(bars.size()) + 24;
  std::string out = fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">", width, height, html_text(title));
  double y = 4;
  for (const NamedBar& bar : bars) {
    const double length = longest > 0 ? bar.value / longest * (width - names - figures) : 0;
    out += fmt::format("<text class=\"tick\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text><rect class=\"bar f0\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>"
                       "<text class=\"tick\" x=\"{:.1f}\" y=\"{:.1f}\">{:.4f}</text>",
                       names - 8, y + 14, html_text(bar.name), names, y + 3, std::max(1.0, length), row - 7, names + length + 8, y + 14, bar.value);
    y += row;
  }
  return out + fmt::format("<text class=\"label\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text></svg>", names, height - 6, html_text(unit));
}

}  // namespace candled::report
