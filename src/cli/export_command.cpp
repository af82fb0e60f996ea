// export: rows of one market as CSV, to a file or to standard output.
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "candled/cli/commands.hpp"
#include "candled/config/assembly.hpp"
#include "candled/flow/signals.hpp"
#include "candled/flow/write_file.hpp"
#include "candled/store/exporter.hpp"
#include "cli/indicator_rows.hpp"
#include "cli/output_path.hpp"

namespace candled::cli {
namespace {

const std::map<std::string, store::ExportKind> kinds = {
    {"trades", store::ExportKind::trades},     {"candles", store::ExportKind::candles},
    {"features", store::ExportKind::features}, {"predictions", store::ExportKind::predictions},
    {"fills", store::ExportKind::fills},       {"equity", store::ExportKind::equity},
};

int failed(const std::string& why) {
  fmt::print(stderr, "candled: export: {}\n", why);
  return 1;
}

// Hands whole lines to the sink until it says no; returns the number of rows.
using Sink = std::function<bool(std::string_view lines)>;
using MakeRows = std::function<Result<std::int64_t>(const Sink& sink)>;

// Standard output, a device or a pipe.
int to_stream(const MakeRows& make_rows, std::FILE* stream) {
  int error = 0;
  const Result<std::int64_t> rows = make_rows([&](std::string_view lines) {
    if (std::fwrite(lines.data(), 1, lines.size(), stream) == lines.size()) return !flow::stop_requested();
    error = errno;
    return false;
  });
  if (!rows) return failed(rows.error().message);
  if (error == 0 && std::fflush(stream) != 0) error = errno;
  if (error == EPIPE) return 0;  // `| head` has seen enough
  if (error != 0) return failed(fmt::format("cannot write: {}", std::strerror(error)));
  return flow::stop_requested() ? 1 : 0;
}

// A name that appears only when all of it is there.
class NewFile {
 public:
  explicit NewFile(std::filesystem::path path)
      : path_(std::move(path)),
        partial_(path_.string() + fmt::format(".{}.part", ::getpid())),
        file_(std::fopen(partial_.c_str(), "wx")) {}
  ~NewFile() {
    if (file_ != nullptr) std::fclose(file_);
    if (!kept_) ::unlink(partial_.c_str());
  }
  bool is_open() const { return file_ != nullptr; }
  bool write(std::string_view lines) { return std::fwrite(lines.data(), 1, lines.size(), file_) == lines.size(); }
  bool keep() {
    const bool whole = std::fflush(file_) == 0 && ::fsync(::fileno(file_)) == 0;
    kept_ = whole && std::rename(partial_.c_str(), path_.c_str()) == 0;
    return kept_;
  }

 private:
  std::filesystem::path path_;
  std::string partial_;
  std::FILE* file_;
  bool kept_ = false;
};

int in_place(const MakeRows& make_rows, const std::filesystem::path& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream(std::fopen(path.c_str(), "w"), &std::fclose);
  if (!stream) return failed(fmt::format("cannot write {}: {}", path.string(), std::strerror(errno)));
  return to_stream(make_rows, stream.get());
}

int to_file(const MakeRows& make_rows, const std::string& market, const std::filesystem::path& path) {
  NewFile file(path);
  if (!file.is_open()) return failed(fmt::format("cannot write {}: {}", path.string(), std::strerror(errno)));
  int error = 0;
  const Result<std::int64_t> rows = make_rows([&](std::string_view lines) {
    if (file.write(lines)) return !flow::stop_requested();
    error = errno;
    return false;
  });
  if (!rows) return failed(rows.error().message);
  if (flow::stop_requested()) return failed(fmt::format("stopped; {} was not written", path.string()));
  if (error != 0 || !file.keep())
    return failed(fmt::format("cannot write {}: {}", path.string(), std::strerror(error != 0 ? error : errno)));
  fmt::print(stderr, "{}: {} rows of {}\n", path.string(), *rows, market);
  return 0;
}

}  // namespace

int run_export(const config::Config& config, const ExportOptions& options) {
  if (config.markets.size() != 1) throw config::ConfigError("export: say with --market which market's rows are wanted");
  if (options.from && options.to && *options.to <= *options.from)
    throw config::ConfigError("export: --to must be later than --from");
  const bool to_output = options.out.empty() || options.out == "-";
  const std::filesystem::path out = to_output ? options.out : output_path("export: --out", options.out, config);
  const store::JournalSettings journal = config::journal_settings(config);
  const std::string market = journal.markets.front().name();
  if (!std::filesystem::exists(config.storage.path))
    return failed(fmt::format("no database {}", config.storage.path.string()));
  MakeRows make_rows = [&](const Sink& sink) { return write_indicator_rows(config, options, sink); };
  std::optional<store::Exporter> exporter;
  if (options.kind != "indicators") {
    store::ExportRequest request;
    request.kind = kinds.at(options.kind);
    request.market = market;
    request.from = options.from;
    request.to = options.to;
    request.feature_hash = journal.features.front().hash;
    request.feature_names = journal.features.front().names;
    exporter.emplace(config.storage.path);
    make_rows = [&exporter, request](const Sink& sink) { return exporter->run(request, sink); };
  }
  if (to_output) return to_stream(make_rows, stdout);
  return flow::is_written_in_place(out) ? in_place(make_rows, out) : to_file(make_rows, market, out);
}

}  // namespace candled::cli
