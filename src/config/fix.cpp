#include "candled/config/fix.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "candled/config/config.hpp"
#include "candled/config/toml_document.hpp"
#include "config/section_reader.hpp"
#include "config/sections.hpp"

namespace candled::config {
namespace {

ConfigOrigin read(const std::string& text, const std::string& file, const std::function<void(Section&)>& describe) {
  ConfigOrigin origin(file);
  const TomlTable document = parse_toml(text, file);
  SectionReader root(origin, document);
  describe(root);
  root.refuse_unknown();
  return origin;
}

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// Where the byte of a place in the text is; lines and columns count from 1, columns count characters.
std::optional<std::size_t> byte_of(std::string_view text, std::size_t line, std::size_t column) {
  std::size_t at = 0;
  for (; line > 1; --line) {
    at = text.find('\n', at);
    if (at == std::string_view::npos) return std::nullopt;
    ++at;
  }
  for (; column > 1; --column) {
    if (at >= text.size() || text[at] == '\n') return std::nullopt;
    do ++at;
    while (at < text.size() && is_continuation(text[at]));
  }
  return at;
}

bool is_of_bare_key(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

// Where the name stands, in quotes or not; nothing where other bytes are.
std::optional<std::size_t> find_name(std::string_view text, const RenamedKey& key) {
  std::optional<std::size_t> at = byte_of(text, key.line, key.column);
  if (!at || *at >= text.size()) return std::nullopt;
  const char quote = text[*at] == '"' || text[*at] == '\'' ? text[*at] : '\0';
  if (quote != '\0') ++*at;
  if (!text.substr(*at).starts_with(key.former)) return std::nullopt;
  const std::size_t end = *at + key.former.size();
  const char next = end < text.size() ? text[end] : '\n';
  return (quote != '\0' ? next == quote : !is_of_bare_key(next)) ? at : std::nullopt;
}

bool says_the_same(const ConfigOrigin& one, const ConfigOrigin& other) {
  return std::ranges::equal(one.values(), other.values(), [](const ValueInEffect& a, const ValueInEffect& b) {
    return a.path == b.path && a.json == b.json;
  });
}

Error because(const std::filesystem::path& file, std::string_view what) {
  return {Remedy::refuse, fmt::format("{} is left as it was: {}", file.string(), what)};
}

// A new file with the owner and the permissions of the old one takes its place.
Result<void> replace_file(const std::filesystem::path& file, std::string_view text) {
  struct stat old{};
  if (::stat(file.c_str(), &old) != 0) return std::unexpected(because(file, std::strerror(errno)));
  // Root may write what nobody may; then the permissions mean it.
  if (::access(file.c_str(), W_OK) != 0 || (old.st_mode & (S_IWUSR | S_IWGRP | S_IWOTH)) == 0) {
    return std::unexpected(because(file, "it may not be written"));
  }
  const std::string partial = fmt::format("{}.{}.part", file.string(), ::getpid());
  const int descriptor = ::open(partial.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor < 0) return std::unexpected(because(file, fmt::format("{}: {}", partial, std::strerror(errno))));
  bool good = ::fchown(descriptor, old.st_uid, old.st_gid) == 0 && ::fchmod(descriptor, old.st_mode & 07777) == 0;
  for (std::size_t done = 0; good && done < text.size();) {
    const ssize_t written = ::write(descriptor, text.data() + done, text.size() - done);
    good = written > 0;
    if (good) done += static_cast<std::size_t>(written);
  }
  good = good && ::fsync(descriptor) == 0;
  int why = errno;
  ::close(descriptor);
  if (good && std::rename(partial.c_str(), file.c_str()) == 0) return {};
  if (good) why = errno;
  ::unlink(partial.c_str());
  return std::unexpected(because(file, std::strerror(why)));
}

}  // namespace

Result<FixedText> fixed_text(const std::string& text, const std::string& file,
                             const std::function<void(Section&)>& describe) {
  const ConfigOrigin before = read(text, file, describe);
  FixedText fixed{text, {}};
  std::vector<RenamedKey> keys = before.renamed();
  std::ranges::sort(keys, [](const RenamedKey& a, const RenamedKey& b) {
    return std::pair(a.line, a.column) < std::pair(b.line, b.column);
  });
  for (const RenamedKey& key : keys) {
    fixed.changes.push_back(fmt::format("{}:{}: '{}' is now '{}'", file, key.line, without_counts(key.path), key.name));
  }
  // From the end on, so that the places in front of a change stay where they are.
  for (auto key = keys.rbegin(); key != keys.rend(); ++key) {
    const std::optional<std::size_t> at = find_name(fixed.text, *key);
    if (!at)
      return std::unexpected(
          because(file, fmt::format("in line {} write {} instead of {} by hand", key->line, key->name, key->former)));
    fixed.text.replace(*at, key->former.size(), key->name);
  }
  if (keys.empty()) return fixed;
  const ConfigOrigin after = read(fixed.text, file, describe);
  if (!after.renamed().empty() || !says_the_same(before, after)) {
    return std::unexpected(because(file, "with the new names it would say something else"));
  }
  return fixed;
}

Result<std::vector<std::string>> fix_file(const std::filesystem::path& file) {
  return fix_file(file, [](Section& root) {
    Config config = defaults();
    describe(root, config);
  });
}

Result<std::vector<std::string>> fix_file(const std::filesystem::path& file,
                                          const std::function<void(Section&)>& describe) {
  const std::string text = read_config_file(file);
  const Result<FixedText> fixed = fixed_text(text, file.string(), describe);
  if (!fixed) return std::unexpected(fixed.error());
  if (fixed->changes.empty()) return fixed->changes;
  std::error_code error;
  const std::filesystem::path real = std::filesystem::canonical(file, error);  // a link stays a link
  if (error) return std::unexpected(because(file, error.message()));
  if (const Result<void> replaced = replace_file(real, fixed->text); !replaced)
    return std::unexpected(replaced.error());
  return fixed->changes;
}

}  // namespace candled::config
