// LineReader: the lines of one member, with a bound on their length, from a buffer of fixed size.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "candled/domain/result.hpp"
#include "files/archive_reader.hpp"

namespace candled::files {

class LineReader {
 public:
  // No honest row is longer; the rest of one that is longer is thrown away.
  static constexpr std::size_t line_bytes_max = 4096;

  // The reader is not owned and stands at the member's start.
  explicit LineReader(ArchiveReader& reader) : reader_(reader), buffer_(256 * 1024) {}

  struct Line {
    std::string_view text;  // valid until the next call; without its end
    std::int64_t number = 0;
    bool too_long = false;  // text is its beginning
  };
  // False at the end of the member.
  Result<bool> next(Line& line);

  // The next lines without taking them, as many as fit into the buffer but at most `count` and none behind one that is
  // too long; false when the very first is.
  Result<bool> peek(std::size_t count, std::vector<std::string_view>& lines);

  // The first bytes of what was not taken yet, behind a peek.
  std::string_view front() const { return {buffer_.data() + begin_, end_ - begin_}; }

 private:
  Result<bool> fill();

  ArchiveReader& reader_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0;
  bool ended_ = false;
  std::int64_t number_ = 0;
};

}  // namespace candled::files
