// SourceTree: the files of this repository as lines, for the test of the house rules.
#pragma once

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace candled::house {

struct Include {
  std::string path;
  std::size_t line = 0;  // from 1
  bool quoted = false;   // "path" and not <path>
};

struct SourceFile {
  std::string path;                // from the root of the repository, with '/'
  std::string room;                // empty outside src/ and include/candled/
  std::vector<std::string> lines;  // as they stand
  std::vector<std::string> code;   // the same with comments and texts blanked
  std::vector<Include> includes;

  bool is_public() const { return path.starts_with("include/"); }
};

inline std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

inline bool is_word_letter(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// Whether the text holds the word, with no letter of a longer word at either end of it.
inline bool holds_word(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool starts = at == 0 || !is_word_letter(text[at - 1]) || !is_word_letter(word.front());
    const bool ends = end == text.size() || !is_word_letter(text[end]) || !is_word_letter(word.back());
    if (starts && ends) return true;
  }
  return false;
}

// Where the comment or text that starts at `at` ends (behind it); `at` itself where none starts there.
inline std::size_t end_of_blank(std::string_view text, std::size_t at) {
  const auto behind = [&](std::string_view mark, std::size_t from) {
    const std::size_t found = text.find(mark, from);
    return found == std::string_view::npos ? text.size() : found + mark.size();
  };
  const std::string_view rest = text.substr(at);
  const bool inside_word = at > 0 && is_word_letter(text[at - 1]);
  if (rest.starts_with("//")) return std::min(text.find('\n', at), text.size());
  if (rest.starts_with("/*")) return behind("*/", at + 2);
  if (rest.starts_with("R\"") && !inside_word) {
    const std::size_t open = std::min(text.find('(', at), text.size());
    return behind(")" + std::string(text.substr(at + 2, open - at - 2)) + "\"", open);
  }
  if (rest.starts_with('"') || (rest.starts_with('\'') && !inside_word)) {
    std::size_t end = at + 1;
    while (end < text.size() && text[end] != rest.front() && text[end] != '\n') end += text[end] == '\\' ? 2U : 1U;
    return std::min(end + 1, text.size());
  }
  return at;
}

inline std::vector<std::string> blank_texts_and_comments(std::string_view text) {
  std::string code(text);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = end_of_blank(text, at);
    // The marks at both ends stay, so that a text is still seen to be one.
    for (std::size_t i = at + 1; i + 1 < end; ++i) {
      if (code[i] != '\n') code[i] = ' ';
    }
    if (end > at + 1 && text[at] == '/') code[end - 1] = text[end - 1] == '\n' ? '\n' : ' ';
    at = std::max(end, at + 1);
  }
  return split_lines(code);
}

inline std::string read_bytes(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

inline std::vector<Include> find_includes(const std::vector<std::string>& lines) {
  std::vector<Include> includes;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!lines[i].starts_with("#include ")) continue;
    const std::size_t open = lines[i].find_first_of("<\"");
    const std::size_t close = lines[i].find_first_of(">\"", open + 1);
    if (open == std::string::npos || close == std::string::npos) continue;
    includes.push_back({lines[i].substr(open + 1, close - open - 1), i + 1, lines[i][open] == '"'});
  }
  return includes;
}

inline std::string room_of(std::string_view path) {
  for (std::string_view root : {"src/", "include/candled/"}) {
    if (path.starts_with(root)) return std::string(path.substr(root.size(), path.find('/', root.size()) - root.size()));
  }
  return {};
}

// Files below the root, sorted by path; those that a build or a package manager made are left out.
inline std::vector<std::filesystem::path> find_files(const std::filesystem::path& root) {
  const std::set<std::string> made = {".git", ".cache", "node_modules", "__pycache__", "models"};
  std::vector<std::filesystem::path> files;
  for (auto it = std::filesystem::recursive_directory_iterator(root);
       it != std::filesystem::recursive_directory_iterator(); ++it) {
    const std::string name = it->path().filename().string();
    const bool build = it.depth() == 0 && name.starts_with("build");
    if (made.contains(name) || (it->is_directory() && build)) {  // .git is a file in a worktree
      if (it->is_directory()) it.disable_recursion_pending();
    } else if (it->is_regular_file()) {
      files.push_back(it->path());
    }
  }
  std::ranges::sort(files);
  return files;
}

// Every .cpp and .hpp.
inline std::vector<SourceFile> read_code(const std::filesystem::path& root) {
  std::vector<SourceFile> files;
  for (const std::filesystem::path& path : find_files(root)) {
    if (path.extension() != ".cpp" && path.extension() != ".hpp") continue;
    const std::string text = read_bytes(path);
    SourceFile file{
        path.lexically_relative(root).generic_string(), {}, split_lines(text), blank_texts_and_comments(text), {}};
    file.room = room_of(file.path);
    file.includes = find_includes(file.lines);
    files.push_back(std::move(file));
  }
  return files;
}

// Every file that people wrote, without its code: sources, scripts, configuration, pages.
inline std::vector<SourceFile> read_texts(const std::filesystem::path& root) {
  const std::set<std::string> kinds = {".cpp", ".hpp",   ".md",  ".toml", ".service", ".sh",
                                       ".py",  ".cmake", ".txt", ".json", ".ts",      ""};
  std::vector<SourceFile> files;
  for (const std::filesystem::path& path : find_files(root)) {
    if (!kinds.contains(path.extension().string())) continue;
    const std::string text = read_bytes(path);
    if (text.find('\0') != std::string::npos) continue;  // a program
    SourceFile file{path.lexically_relative(root).generic_string(), {}, split_lines(text), {}, {}};
    files.push_back(std::move(file));
  }
  return files;
}

}  // namespace candled::house
