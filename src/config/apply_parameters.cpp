#include "candled/config/apply_parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <vector>

#include "candled/config/config.hpp"
#include "candled/flow/write_file.hpp"

namespace candled::config {
namespace {

constexpr std::string_view header = "[model]";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}
bool is_table(std::string_view line) { return trimmed(line).starts_with('['); }
bool gives(std::string_view line, std::string_view key) {
  const std::string_view text = trimmed(line);
  return text.starts_with(key) && trimmed(text.substr(key.size())).starts_with('=');
}

std::vector<std::string> read_lines(const std::filesystem::path& file) {
  std::vector<std::string> lines;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// Replaces the key's line within [model], or adds one behind the header.
void set(std::vector<std::string>& lines, std::string_view key, const std::string& value) {
  auto begin = std::ranges::find_if(lines, [](const std::string& line) { return trimmed(line).starts_with(header); });
  if (begin == lines.end()) {
    if (!lines.empty()) lines.emplace_back();
    begin = lines.insert(lines.end(), std::string(header));
  }
  const auto end = std::find_if(begin + 1, lines.end(), is_table);
  const auto line = std::find_if(begin + 1, end, [&](const std::string& one) { return gives(one, key); });
  std::string text = fmt::format("{} = {}", key, value);
  if (line != end) {
    *line = std::move(text);
  } else {
    lines.insert(begin + 1, std::move(text));
  }
}

std::string value_text(double value) {
  return value == std::floor(value) && std::abs(value) < 1e9 ? fmt::format("{}", static_cast<std::int64_t>(value))
                                                             : fmt::format("{:.6g}", value);
}

}  // namespace

Result<void> apply_parameters(const std::filesystem::path& file, const std::string& kind,
                              std::span<const model::Parameter> parameters) {
  std::vector<std::string> lines = read_lines(file);
  for (auto one = parameters.rbegin(); one != parameters.rend(); ++one) set(lines, one->name, value_text(one->value));
  set(lines, "kind", fmt::format("\"{}\"", kind));
  const std::string text = fmt::format("{}\n", fmt::join(lines, "\n"));
  const std::filesystem::path tried = file.string() + ".tried";
  if (Result<void> written = flow::write_file(tried, text); !written) return written;
  std::string wrong;
  try {
    static_cast<void>(load_config(tried, {}));
  } catch (const ConfigError& error) {
    wrong = error.what();
    if (const std::size_t at = wrong.find(tried.string()); at != std::string::npos)
      wrong.replace(at, tried.string().size(), file.string());
  }
  std::error_code error;
  if (wrong.empty()) std::filesystem::rename(tried, file, error);
  if (wrong.empty() && !error) return {};
  std::error_code left;
  std::filesystem::remove(tried, left);
  return refuse(wrong.empty() ? fmt::format("{}: {}", file.string(), error.message())
                              : fmt::format("not applied: {}", wrong));
}

}  // namespace candled::config
