// The rules of the house, held against the tree: who includes whom, which words belong to which room, and how files look.
// Each violation is printed as FILE:LINE: what. A rule is never bent for a file without a reason beside it.
#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "app/source_tree.hpp"

namespace candled::house {
namespace {

using Rooms = std::set<std::string, std::less<>>;

const Rooms all_rooms = {"domain", "flow",   "net",    "ingest",    "files",  "candles", "features", "model", "trading",
                         "store",  "engine", "server", "simulator", "config", "report",  "cli",      "app"};

// What `config` and the rooms behind it may include: each those in front of it.
const Rooms before_config = {"domain", "flow",    "net",   "ingest", "files",  "candles",  "features",
                             "model",  "trading", "store", "engine", "server", "simulator"};

Rooms with(Rooms rooms, std::initializer_list<const char*> more) {
  rooms.insert(more.begin(), more.end());
  return rooms;
}

// The rooms that the files of a room may include besides their own.
const std::map<std::string, Rooms, std::less<>> may_include = {
    {"domain", {}},
    {"flow", {"domain"}},
    {"net", {"domain", "flow"}},
    {"ingest", {"domain", "flow", "net"}},
    {"files", {"domain", "flow"}},
    {"candles", {"domain"}},
    {"features", {"domain"}},
    {"model", {"domain", "features"}},
    {"trading", {"domain"}},
    {"store", {"domain", "flow"}},
    {"engine", {"domain", "flow", "ingest", "files", "candles", "features", "model", "trading", "store"}},
    {"server", {"domain", "flow", "net", "store"}},
    {"simulator", {"domain", "flow", "net"}},
    {"config", before_config},
    {"report", with(before_config, {"config"})},
    {"cli", with(before_config, {"config", "report"})},
    {"app", with(before_config, {"config", "report", "cli"})},
};

// A word of code, or the beginning of an included path, that belongs to some rooms.
struct Belonging {
  std::string_view text;
  Rooms rooms;
};

const std::vector<Belonging> headers = {
    {"boost/beast", {"net", "server", "simulator"}},
    {"boost/asio", {"net", "server", "simulator"}},
    {"openssl/ssl.h", {"net", "simulator"}},
    {"openssl", {"net", "simulator", "model"}},        // model: SHA-256 of a model file
    {"simdjson.h", {"ingest", "simulator", "model"}},  // model: meta.json
    {"xgboost", {"model"}},
    {"sqlite3.h", {"store"}},
    {"prometheus", {"server"}},
    {"CLI", {"app", "cli"}},
    {"toml++", {"config"}},
    {"systemd", {"app"}},
    {"thread", {"flow"}},
    {"atomic", {"flow"}},
    {"mutex", {"flow"}},
    {"shared_mutex", {"flow"}},
    {"condition_variable", {"flow"}},
    {"future", {"flow"}},
    {"semaphore", {"flow"}},
    {"latch", {"flow"}},
    {"barrier", {"flow"}},
};

const Rooms with_wall_clock = {"ingest", "flow", "net", "server", "report", "cli", "app"};
const std::vector<Belonging> words = {
    {"std::thread", {"flow"}},          {"std::jthread", {"flow"}},
    {"std::async", {"flow"}},           {"std::atomic", {"flow"}},
    {"std::mutex", {"flow"}},           {"pthread_create", {"flow"}},
    {"thread_local", {"flow"}},         {"system_clock", with_wall_clock},
    {"wall_now", with_wall_clock},      {"std::time", with_wall_clock},
    {"time(nullptr)", with_wall_clock}, {"time(NULL)", with_wall_clock},
    {"gettimeofday", with_wall_clock},  {"clock_gettime", with_wall_clock},
    {"random_device", {"net"}},  // the jitter of reconnects; nothing that is stored depends on it
    {"getenv", {"cli", "app"}},
};

// Rooms without clock, file, socket, thread, log or randomness.
const Rooms pure_rooms = {"domain", "candles", "features", "trading"};
const std::vector<std::string_view> impure_headers = {"ctime",      "fstream",  "iostream", "random",
                                                      "filesystem", "sys/",     "unistd.h", "fcntl.h",
                                                      "boost/",     "openssl/", "netinet/", "arpa/"};
// <chrono> and <cstdio> have calendars and number formats besides.
const std::vector<std::string_view> impure_words = {
    "steady_clock", "high_resolution_clock", "fopen", "printf", "fprintf", "fputs", "fwrite", "rand"};

// Headers that cost seconds to compile: in few .cpp files, never under include/.
const std::vector<std::string_view> heavy_headers = {"boost/",    "simdjson", "CLI",        "toml++", "xgboost",
                                                     "sqlite3.h", "openssl",  "prometheus", "catch2", "systemd"};

const std::vector<SourceFile>& code() {
  static const std::vector<SourceFile> files = read_code(CANDLED_SOURCE_DIR);
  return files;
}

// Collects what is wrong; the test fails with all of it at once.
class Violations {
 public:
  void add(const SourceFile& file, std::size_t line, std::string_view what) {
    text_ += fmt::format("{}:{}: {}\n", file.path, line, what);
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// "boost/beast" begins "boost/beast/core.hpp"; "thread" is <thread> and not <thread_pool.hpp>.
bool begins_path(std::string_view path, std::string_view beginning) {
  if (!path.starts_with(beginning)) return false;
  return beginning.ends_with('/') || path.size() == beginning.size() || path[beginning.size()] == '/';
}

std::string list(const Rooms& rooms) { return fmt::format("{}", fmt::join(rooms, ", ")); }

void check_no_violations(const std::function<void(const SourceFile&, Violations&)>& rule) {
  Violations violations;
  for (const SourceFile& file : code()) rule(file, violations);
  CHECK(violations.text() == "");
}

// Pages for people: docs/*.md and the pages beside the README.
bool is_page(std::string_view path) {
  return path.ends_with(".md") && (path.starts_with("docs/") || path.find('/') == std::string_view::npos);
}

// The paths below src/, include/ and tests/ that a line names; "src/<room>" is a pattern and none.
std::vector<std::string> named_paths(std::string_view line) {
  const auto is_path_letter = [](char c) { return is_word_letter(c) || c == '/' || c == '.' || c == '-'; };
  std::vector<std::string> paths;
  for (std::size_t at = 0; at < line.size();) {
    std::size_t end = at;
    while (end < line.size() && is_path_letter(line[end])) ++end;
    std::string_view path = line.substr(at, end - at);
    const bool pattern = end < line.size() && (line[end] == '<' || line[end] == '*');
    while (path.ends_with('.')) path.remove_suffix(1);
    const bool ours = path.starts_with("src/") || path.starts_with("include/") || path.starts_with("tests/");
    if (ours && !pattern) paths.emplace_back(path);
    at = end + 1;
  }
  return paths;
}

}  // namespace

TEST_CASE("the tree is there and is read") {
  CHECK(code().size() > 20);
  Rooms rooms;
  for (const SourceFile& file : code()) {
    if (!file.room.empty()) rooms.insert(file.room);
  }
  for (const std::string& room : rooms) {
    INFO("a folder that is no room: " << room);
    CHECK(all_rooms.contains(room));
  }
}

TEST_CASE("rooms include only the rooms they may") {
  check_no_violations([](const SourceFile& file, Violations& violations) {
    if (file.room.empty()) return;
    for (const Include& include : file.includes) {
      std::string_view path = include.path;
      const bool is_public = path.starts_with("candled/");
      if (is_public) path.remove_prefix(std::string_view("candled/").size());
      const std::string room(path.substr(0, path.find('/')));
      if (room == file.room || !include.quoted) continue;
      if (!all_rooms.contains(room)) {
        violations.add(file, include.line, fmt::format("{} is not written from its room on", include.path));
        continue;
      }
      if (!may_include.at(file.room).contains(room)) {
        violations.add(file, include.line, fmt::format("{} may not include {}", file.room, room));
      } else if (!is_public) {
        violations.add(file, include.line, fmt::format("{} is private to {}", include.path, room));
      }
    }
  });
}

TEST_CASE("public headers do not lean on private ones") {
  check_no_violations([](const SourceFile& file, Violations& violations) {
    if (!file.is_public()) return;
    for (const Include& include : file.includes) {
      if (include.quoted && !include.path.starts_with("candled/"))
        violations.add(file, include.line, "includes a private header");
      for (std::string_view heavy : heavy_headers) {
        if (include.path.starts_with(heavy))
          violations.add(file, include.line, fmt::format("a heavy header under include/: {}", include.path));
      }
    }
  });
}

TEST_CASE("headers and words stay in the rooms they belong to") {
  check_no_violations([](const SourceFile& file, Violations& violations) {
    if (file.room.empty()) return;
    for (const Include& include : file.includes) {
      for (const Belonging& header : headers) {
        if (!begins_path(include.path, header.text) || header.rooms.contains(file.room)) continue;
        violations.add(file, include.line, fmt::format("<{}> belongs to {}", include.path, list(header.rooms)));
        break;
      }
    }
    for (std::size_t i = 0; i < file.code.size(); ++i) {
      for (const Belonging& word : words) {
        if (!holds_word(file.code[i], word.text) || word.rooms.contains(file.room)) continue;
        violations.add(file, i + 1, fmt::format("'{}' belongs to {}", word.text, list(word.rooms)));
      }
    }
  });
}

// What they take from outside, they take from the flow::World that is handed in: so a world that is made up can run them.
TEST_CASE("the rooms that talk know no clock, timer, resolver or socket but the world's") {
  const Rooms talking = {"net", "ingest"};
  const std::vector<std::string_view> real_words = {"flow::monotonic_now", "flow::monotonic_us", "flow::wall_now",
                                                    "steady_clock",        "system_clock",       "getaddrinfo"};
  check_no_violations([&](const SourceFile& file, Violations& violations) {
    // The real world itself, and its TLS.
    if (!talking.contains(file.room) || file.path.starts_with("src/net/real_") || file.path.starts_with("src/net/tls."))
      return;
    for (const Include& include : file.includes) {
      if (begins_path(include.path, "boost/asio") &&
          include.path != "boost/asio/buffer.hpp")  // a span, which Beast's parser takes
        violations.add(file, include.line, fmt::format("<{}> is the real world's", include.path));
    }
    for (std::size_t i = 0; i < file.code.size(); ++i) {
      for (std::string_view word : real_words) {
        if (holds_word(file.code[i], word)) violations.add(file, i + 1, fmt::format("'{}' is the real world's", word));
      }
    }
  });
}

TEST_CASE("pure rooms touch nothing outside") {
  // invariant_failed has to say why before it aborts.
  const std::set<std::string> exempt = {"src/domain/result.cpp"};
  check_no_violations([&](const SourceFile& file, Violations& violations) {
    if (!pure_rooms.contains(file.room) || exempt.contains(file.path)) return;
    for (const Include& include : file.includes) {
      if (begins_path(include.path, "boost/multiprecision")) continue;  // integers, no more
      for (std::string_view impure : impure_headers) {
        if (!begins_path(include.path, impure)) continue;
        violations.add(file, include.line, fmt::format("{} is pure and includes <{}>", file.room, include.path));
      }
    }
    for (std::size_t i = 0; i < file.code.size(); ++i) {
      for (std::string_view impure : impure_words) {
        if (holds_word(file.code[i], impure))
          violations.add(file, i + 1, fmt::format("{} is pure and uses {}", file.room, impure));
      }
    }
  });
}

TEST_CASE("no code is switched by the preprocessor") {
  check_no_violations([](const SourceFile& file, Violations& violations) {
    if (file.room.empty()) return;
    for (std::size_t i = 0; i < file.code.size(); ++i) {
      for (std::string_view directive : {"#if", "#ifdef", "#ifndef", "#elif"}) {
        if (holds_word(file.code[i], directive)) violations.add(file, i + 1, directive);
      }
    }
  });
}

TEST_CASE("files are short, and headers open with what they are") {
  static constexpr std::size_t lines_max = 600;
  check_no_violations([](const SourceFile& file, Violations& violations) {
    if (file.lines.size() > lines_max)
      violations.add(file, file.lines.size(), fmt::format("more than {} lines", lines_max));
    if (!file.path.ends_with(".hpp")) return;
    if (file.lines.empty() || !file.lines.front().starts_with("// "))
      violations.add(file, 1, "does not start with a comment");
    if (std::ranges::find(file.lines, "#pragma once") == file.lines.end())
      violations.add(file, 1, "is without #pragma once");
  });
}

TEST_CASE("nothing unfinished and no path of one machine is shipped") {
  // Written in halves, so that this file does not find itself.
  const std::vector<std::string> unfinished = {
      "TO"
      "DO",
      "FIX"
      "ME",
      "XX"
      "X",
      "HA"
      "CK",
      "st"
      "ub",
      "place"
      "holder"};
  const std::vector<std::string> machine_paths = {
      "/wo"
      "rk/",
      "/tm"
      "p/",
      "/ho"
      "me/",
      "/ro"
      "ot/",
      "/Us"
      "ers/"};
  Violations violations;
  for (const SourceFile& file : read_texts(CANDLED_SOURCE_DIR)) {
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      for (const std::string& word : unfinished) {
        if (holds_word(file.lines[i], word)) violations.add(file, i + 1, fmt::format("the word '{}'", word));
      }
      for (const std::string& path : machine_paths) {
        if (file.lines[i].find(path) != std::string::npos)
          violations.add(file, i + 1, fmt::format("the path '{}'", path));
      }
    }
  }
  CHECK(violations.text() == "");
}

TEST_CASE("the pages name files that exist") {
  const std::filesystem::path root = CANDLED_SOURCE_DIR;
  std::size_t named = 0;
  Violations violations;
  for (const SourceFile& file : read_texts(root)) {
    if (!is_page(file.path)) continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      for (const std::string& path : named_paths(file.lines[i])) {
        ++named;
        if (!std::filesystem::exists(root / path)) violations.add(file, i + 1, fmt::format("there is no {}", path));
      }
    }
  }
  CHECK(named > 20);
  CHECK(violations.text() == "");
  CHECK(named_paths("`src/app/main.cpp`, tests/app. And web/src/api, src/<room>/x.hpp") ==
        std::vector<std::string>{"src/app/main.cpp", "tests/app"});
}

TEST_CASE("the reader of code tells code from comments and texts") {
  const std::vector<std::string> blanked = blank_texts_and_comments(
      "int a = 1'000; // std::thread\nauto b = \"std::thread \\\" std::mutex\"; f();\n/* std::atomic\nstd::atomic */ "
      "g('\"');\n"
      "auto c = R\"sql(std::thread\n\" )sql\"; h();\n");
  REQUIRE(blanked.size() == 6);
  CHECK(blanked[0].find("thread") == std::string::npos);
  CHECK(blanked[0].starts_with("int a = 1'000;"));
  CHECK(blanked[1].find("std") == std::string::npos);
  CHECK(blanked[1].ends_with("f();"));
  CHECK(blanked[2].find("atomic") == std::string::npos);
  CHECK(blanked[3].ends_with("');"));
  CHECK(blanked[3].find("g(") != std::string::npos);
  CHECK(blanked[4].find("thread") == std::string::npos);
  CHECK(blanked[5].ends_with("h();"));
  CHECK(holds_word("std::thread t;", "std::thread"));
  CHECK_FALSE(holds_word("std::thread_id t;", "std::thread"));
  CHECK_FALSE(holds_word("#ifdef X", "#if"));
}

}  // namespace candled::house
