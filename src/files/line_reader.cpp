#include "files/line_reader.hpp"

#include <algorithm>
#include <cstring>

namespace candled::files {
namespace {

std::string_view without_return(std::string_view line) {
  return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

}  // namespace

// Moves what is left to the front and reads behind it; false at the end of the member.
Result<bool> LineReader::fill() {
  if (ended_) return false;
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  const Result<std::size_t> count = reader_.read(buffer_.data() + end_, buffer_.size() - end_);
  if (!count) return std::unexpected(count.error());
  end_ += *count;
  ended_ = *count == 0;
  return !ended_;
}

Result<bool> LineReader::next(Line& line) {
  std::string_view rest(buffer_.data() + begin_, end_ - begin_);
  std::size_t end = rest.find('\n');
  while (end == std::string_view::npos && rest.size() <= line_bytes_max) {
    const Result<bool> more = fill();
    if (!more) return more;
    rest = {buffer_.data() + begin_, end_ - begin_};
    if (!*more) break;
    end = rest.find('\n');
  }
  if (rest.empty()) return false;
  line.number = ++number_;
  const std::size_t length = std::min(end, rest.size());
  line.too_long = length > line_bytes_max;
  line.text = without_return(rest.substr(0, std::min(length, line_bytes_max)));
  if (end != std::string_view::npos || ended_) {
    begin_ += std::min(length + 1, rest.size());
    return true;
  }
  // The end of this line is not at hand: what stands behind its beginning is skipped by the calls that follow. The text must
  // outlive that, so it is kept at the very front.
  begin_ = end_ = 0;
  std::memmove(buffer_.data(), line.text.data(), line.text.size());
  line.text = {buffer_.data(), line.text.size()};
  const std::size_t keep = line_bytes_max;
  for (;;) {
    const Result<std::size_t> count = reader_.read(buffer_.data() + keep, buffer_.size() - keep);
    if (!count) return std::unexpected(count.error());
    ended_ = *count == 0;
    const std::string_view read(buffer_.data() + keep, *count);
    const std::size_t at = read.find('\n');
    if (ended_ || at != std::string_view::npos) {
      begin_ = ended_ ? keep : keep + at + 1;
      end_ = keep + *count;
      return true;
    }
  }
}

Result<bool> LineReader::peek(std::size_t count, std::vector<std::string_view>& lines) {
  lines.clear();
  while (end_ - begin_ < buffer_.size() && !ended_) {
    const Result<bool> more = fill();
    if (!more) return more;
  }
  std::string_view rest(buffer_.data() + begin_, end_ - begin_);
  while (lines.size() < count && !rest.empty()) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos && !ended_) return !lines.empty() || rest.size() <= line_bytes_max;
    if (std::min(end, rest.size()) > line_bytes_max) return !lines.empty();
    lines.push_back(without_return(rest.substr(0, end)));
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  return true;
}

}  // namespace candled::files
