#include "cli/rejects_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace candled::cli {
namespace {

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

}  // namespace

void RejectsFile::add(const files::RejectedRow& row) {
  const std::string detail = row.detail.empty() ? "" : ": " + row.detail;
  Reason& reason = reasons_[row.why];
  if (reason.rows++ == 0) reason.first = fmt::format("{}:{}{}", row.file, row.line, detail);
  if (!file_) {
    file_.reset(std::fopen(path_.c_str(), "w"));
    if (!file_) throw std::runtime_error(fmt::format("cannot write {}: {}", path_.string(), std::strerror(errno)));
    fmt::print(file_.get(), "file,line,why,text\n");
  }
  fmt::print(file_.get(), "{},{},{},{}\n", quoted(row.file), row.line, quoted(row.why + detail), quoted(row.text));
}

void RejectsFile::close() {
  if (!file_) return;
  const bool written = std::fflush(file_.get()) == 0 && std::ferror(file_.get()) == 0;
  file_.reset();
  if (!written) throw std::runtime_error(fmt::format("cannot write {}", path_.string()));
}

}  // namespace candled::cli
