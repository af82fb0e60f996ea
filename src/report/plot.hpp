// Plots as inline SVG, for a page that needs nothing else: axes with round steps, units, a legend; colours come from the page's CSS.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "candled/domain/time.hpp"

namespace candled::report {

std::string html_text(std::string_view text);  // & < > " ' escaped

struct PlotPoint {
  double x = 0, y = 0;
};

struct PlotLine {
  std::string name;
  std::vector<PlotPoint> points;  // x rises
  int color = 0;                  // class c0 to c7
};

struct PlotMark {
  PlotPoint at;
  bool up = false;  // a triangle upward
};

enum class AxisKind { number, money, percent, time };  // time: seconds since 1970; percent: fractions of 1

struct PlotFrame {
  std::string title;      // for those who cannot see it
  AxisKind x_axis = AxisKind::time, y_axis = AxisKind::number;
  std::string y_label, x_label;
  double height = 300;
  bool with_zero = false;      // the y axis reaches 0
  bool diagonal = false;       // a line y = x
  bool filled = false;         // down to 0
};

// Lines of more points than a screen shows keep the lowest and highest of each part.
std::string line_plot(const PlotFrame& frame, const std::vector<PlotLine>& lines, const std::vector<PlotMark>& marks = {});

struct Bar {
  double from = 0, to = 0, height = 0;
};
std::string histogram(const PlotFrame& frame, const std::vector<Bar>& bars, int color);

struct NamedBar {
  std::string name;
  double value = 0;
};
// Lying bars, longest first as given.
std::string bar_list(const std::string& title, const std::string& unit, const std::vector<NamedBar>& bars);

}  // namespace candled::report
