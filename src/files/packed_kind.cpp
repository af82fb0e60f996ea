#include "files/packed_kind.hpp"

#include <fmt/format.h>

using namespace std::string_view_literals;

namespace candled::files {
namespace {

struct Kind {
  std::size_t at = 0;
  std::string_view magic;
  std::string_view is;    // "is packed with bzip2"
  std::string_view tool;  // unpacks it; empty: `instead` says what to do
  std::string_view instead;
};

constexpr Kind kinds[] = {
    {0, "BZh"sv, "is packed with bzip2", "bunzip2", ""},
    {0,
     "\xFD"
     "7zXZ\0"sv,
     "is packed with xz", "unxz", ""},
    {0, "7z\xBC\xAF\x27\x1C"sv, "is a 7z archive", "7z x", ""},
    {0, "Rar!\x1A\x07"sv, "is a rar archive", "unrar x", ""},
    {0, "\x04\x22\x4D\x18"sv, "is packed with lz4", "lz4 -d", ""},
    {0, "\x1F\x9D"sv, "is packed with compress", "uncompress", ""},
    {0, "\x28\xB5\x2F\xFD"sv, "is packed with zstd", "zstd -d", ""},
    {0, "\x1F\x8B"sv, "is packed with gzip", "gunzip", ""},
    {0, "PK\x03\x04"sv, "is a zip archive", "unzip", ""},
    {257, "ustar"sv, "is a tar archive", "tar xf", ""},
    {0, "PAR1"sv, "is a Parquet file", "", "write it as CSV first, with DuckDB or pandas"},
    {0, "ARROW1"sv, "is an Arrow file", "", "write it as CSV first, with DuckDB or pandas"},
    {0, "\x89HDF\r\n"sv, "is an HDF5 file", "", "write it as CSV first, with pandas"},
    {0, "SQLite format 3\0"sv, "is a SQLite database", "",
     "write its rows as CSV first; of candled's own: candled export"},
    {0, "\xD0\xCF\x11\xE0"sv, "is an old spreadsheet of Excel", "", "save it as CSV there"},
    {0, "%PDF"sv, "is a PDF", "", "it holds no rows that could be read"},
    {0, "<"sv, "is a web page or XML", "", "download the file itself"},
    {0, "{"sv, "is JSON", "", "write its rows as CSV first, with a header such as time,price,quantity,side,id"},
    {0, "["sv, "is JSON", "", "write its rows as CSV first, with a header such as time,price,quantity,side,id"},
};

}  // namespace

std::string packed_kind(std::string_view front, std::string_view name, bool within) {
  for (const Kind& kind : kinds) {
    if (front.size() < kind.at || !front.substr(kind.at).starts_with(kind.magic)) continue;
    if (kind.tool.empty()) return fmt::format("{}: {}", kind.is, kind.instead);
    if (within) return fmt::format("{} inside an archive: unpack the outer one first, and import the folder", kind.is);
    return fmt::format("{}: unpack it first: {} {}", kind.is, kind.tool, name);
  }
  return {};
}

}  // namespace candled::files
