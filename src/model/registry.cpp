#include "candled/model/registry.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "model/meta.hpp"
#include "model/model_files.hpp"
#include "model/sha256.hpp"

namespace candled::model {
namespace {

constexpr const char* meta_file = "meta.json";
constexpr const char* reference_file = "reference.json";
constexpr std::size_t meta_bytes_max = std::size_t{4} << 20;
constexpr std::size_t model_bytes_max = std::size_t{256} << 20;

std::unexpected<Error> about(const std::string& path, const Error& error) {
  return std::unexpected(Error{error.remedy, fmt::format("model {}: {}", path, error.message)});
}

std::string path_of(const std::string& directory, const std::string& name, const std::string& file) {
  return directory + "/" + name + "/" + file;
}

Result<void> check_name(std::string_view name) {
  if (is_model_name(name)) return {};
  return refuse(fmt::format("model '{}' is not a model name (YYYYMMDD_HHMMSS)", name.substr(0, 64)));
}

Result<Directory> open_model(const std::string& directory, const std::string& name) {
  if (const Result<void> ok = check_name(name); !ok) return std::unexpected(ok.error());
  const Result<Directory> root = Directory::open(directory);
  if (!root) {
    return about(directory + "/" + name,
                 {root.error().remedy,
                  fmt::format("the folder of models, {} ([model] directory), {}", directory, root.error().message)});
  }
  Result<Directory> folder = root->open_child(name);
  if (!folder) return about(directory + "/" + name, folder.error());
  return folder;
}

struct Card {
  std::string text;
  Meta meta;
};

Result<Card> read_card(const Directory& folder, const std::string& directory, const std::string& name) {
  const std::string path = path_of(directory, name, meta_file);
  Result<std::string> text = folder.read(meta_file, meta_bytes_max);
  if (!text) return about(path, text.error());
  Result<Meta> meta = parse_meta(*text);
  if (!meta) return about(path, meta.error());
  if (meta->summary.record.name != name) return about(path, {Remedy::refuse, "is that of another model"});
  return Card{*std::move(text), *std::move(meta)};
}

Result<void> check_expected(const Meta& meta, const ExpectedFeatures& expected) {
  const std::string& hash = meta.summary.record.feature_hash;
  if (hash != expected.hash) {
    return refuse(fmt::format("was trained on other features (hash {}, here {})", hash.substr(0, 64), expected.hash));
  }
  if (meta.feature_names.size() != expected.count) {
    return refuse(fmt::format("lists {} features, here are {}", meta.feature_names.size(), expected.count));
  }
  if (expected.horizon && *expected.horizon != meta.summary.horizon) {
    return refuse(fmt::format("was trained for a horizon of {}, the config says {}", to_text(meta.summary.horizon),
                              to_text(*expected.horizon)));
  }
  return {};
}

// The bytes that the card speaks of, or why they are not.
Result<std::string> read_part(const Directory& folder, const std::string& file, const PartFile& part) {
  Result<std::string> bytes = folder.read(file, model_bytes_max);
  if (!bytes) return bytes;
  if (bytes->size() != part.bytes) {
    return refuse(fmt::format("is {} bytes long, meta.json says {}: truncated or foreign", bytes->size(), part.bytes));
  }
  if (sha256_hex(*bytes) != part.sha256) return refuse("SHA-256 differs from meta.json: damaged or foreign");
  return bytes;
}

std::vector<std::string> digests_of(const TrainedModel& model) {
  std::vector<std::string> digests;
  for (const TrainedPart& part : model.parts) digests.push_back(sha256_hex(part.bytes));
  return digests;
}

ModelRecord record_of(const TrainedModel& model, const std::string& name, Timestamp created) {
  ModelRecord record;
  record.name = name;
  record.kind = model.kind;
  record.created = created;
  record.trained_from = model.trained_from;
  record.trained_to = model.trained_to;
  record.accuracy = model.metrics.accuracy;
  record.f1 = model.metrics.f1;
  record.precision = model.metrics.precision;
  record.recall = model.metrics.recall;
  record.metrics_json = to_json(model.metrics);
  record.sha256 = digest_of_parts(digests_of(model));
  record.feature_hash = model.feature_hash;
  return record;
}

Result<void> fill(const std::string& folder_path, const TrainedModel& model, const ModelRecord& record) {
  const Result<Directory> folder = Directory::open(folder_path);
  if (!folder) return std::unexpected(folder.error());
  for (std::size_t i = 0; i < model.parts.size(); ++i) {
    const std::string file = part_file_name(i, model.parts.size());
    if (Result<void> done = folder->write(file, model.parts[i].bytes); !done) return done;
  }
  if (Result<void> done = folder->write(reference_file, to_json(model.reference)); !done) return done;
  if (Result<void> done = folder->write(meta_file, meta_text(model, record, digests_of(model))); !done) return done;
  return folder->sync();
}

// Gives the finished directory its name and makes that last.
Result<void> publish(const std::string& from, const std::string& directory, const std::string& name) {
  // mkdtemp makes directories for the owner only; models may be read by others.
  if (::chmod(from.c_str(), 0755) != 0) return retry(system_reason());
  const std::string to = directory + "/" + name;
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) != 0) {
    if (errno == EEXIST) return refuse("exists already");
    return retry(system_reason());
  }
  const Result<Directory> root = Directory::open(directory);
  if (!root) return std::unexpected(root.error());
  return root->sync();
}

// ".YYYYMMDD_HHMMSS.XXXXXX"
bool is_unfinished_name(std::string_view name) {
  return name.size() == 23 && name[0] == '.' && is_model_name(name.substr(1, 15)) && name[16] == '.';
}

// Names in the directory that are directories themselves and pass the test, sorted.
Result<std::vector<std::string>> child_directories(const std::string& directory, bool (*wanted)(std::string_view)) {
  std::vector<std::string> names;
  std::error_code error;
  std::filesystem::directory_iterator entry(directory, error);
  if (error == std::errc::no_such_file_or_directory) return names;
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    std::error_code unreadable;
    const std::string name = entry->path().filename().string();
    if (wanted(name) && std::filesystem::is_directory(entry->symlink_status(unreadable))) names.push_back(name);
  }
  if (error) return retry(fmt::format("model directory {}: {}", directory, error.message()));
  std::ranges::sort(names);
  return names;
}

}  // namespace

std::string model_name(Timestamp created) {
  const std::string text = to_iso8601(floor_to(created, Duration::seconds(1)));  // 2026-08-25T04:15:00Z
  return text.substr(0, 4) + text.substr(5, 2) + text.substr(8, 2) + "_" + text.substr(11, 2) + text.substr(14, 2) +
         text.substr(17, 2);
}

bool is_model_name(std::string_view name) {
  if (name.size() != 15 || name[8] != '_') return false;
  return std::ranges::count_if(name, [](char c) { return c >= '0' && c <= '9'; }) == 14;
}

Result<std::string> free_model_name(const std::string& directory, Timestamp created) {
  for (;; created = created + Duration::seconds(1)) {
    std::string name = model_name(created);
    std::error_code error;
    // Whatever has the name takes it, be it a file or a link to nowhere.
    const auto status = std::filesystem::symlink_status(directory + "/" + name, error);
    if (status.type() == std::filesystem::file_type::not_found) return name;
    if (error) return retry(fmt::format("model directory {}: {}", directory, error.message()));
  }
}

Result<ModelRecord> write_model(const std::string& directory, const std::string& name, const TrainedModel& model,
                                Timestamp created) {
  if (const Result<void> ok = check_name(name); !ok) return std::unexpected(ok.error());
  const std::string path = directory + "/" + name;
  for (const TrainedPart& part : model.parts) {
    if (part.bytes.size() <= model_bytes_max) continue;
    return about(path, {Remedy::refuse, fmt::format("is {} bytes long, more than the limit of {}", part.bytes.size(),
                                                    model_bytes_max)});
  }
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) return about(directory, {Remedy::retry, error.message()});
  std::string unfinished = directory + "/." + name + ".XXXXXX";
  if (::mkdtemp(unfinished.data()) == nullptr) return about(path, {Remedy::retry, system_reason()});

  const ModelRecord record = record_of(model, name, created);
  Result<void> done = fill(unfinished, model, record);
  if (done) done = publish(unfinished, directory, name);
  if (!done) {
    std::filesystem::remove_all(unfinished, error);
    return about(path, done.error());
  }
  return record;
}

Result<LoadedModel> load_model(const std::string& directory, const std::string& name,
                               const ExpectedFeatures& expected) {
  const Result<Directory> folder = open_model(directory, name);
  if (!folder) return std::unexpected(folder.error());
  Result<Card> card = read_card(*folder, directory, name);
  if (!card) return std::unexpected(card.error());
  const Meta& meta = card->meta;
  if (const Result<void> ok = check_expected(meta, expected); !ok) {
    return about(path_of(directory, name, meta_file), ok.error());
  }
  std::vector<std::string> bytes;
  std::vector<ModelPart> parts;
  for (std::size_t i = 0; i < meta.parts.size(); ++i) {
    const std::string file = part_file_name(i, meta.parts.size());
    Result<std::string> read = read_part(*folder, file, meta.parts[i]);
    if (!read) return about(path_of(directory, name, file), read.error());
    bytes.push_back(*std::move(read));
  }
  for (std::size_t i = 0; i < meta.parts.size(); ++i) parts.push_back({bytes[i], meta.parts[i].weight});
  // Not needed to predict, but a directory that is damaged anywhere is not to be trusted.
  if (Result<DriftReference> whole = read_drift_reference(directory, name, expected.count); !whole)
    return std::unexpected(whole.error());
  Result<std::shared_ptr<const ModelPredictor>> predictor =
      make_predictor({name, expected.hash, expected.count, meta.summary.horizon, meta.summary.record.trained_to}, parts,
                     meta.calibration, meta.thresholds);
  if (!predictor) return about(path_of(directory, name, part_file_name(0, parts.size())), predictor.error());
  return LoadedModel{meta.summary.record, *std::move(predictor), meta.summary};
}

Result<ModelSummary> read_summary(const std::string& directory, const std::string& name) {
  const Result<Directory> folder = open_model(directory, name);
  if (!folder) return std::unexpected(folder.error());
  Result<Card> card = read_card(*folder, directory, name);
  if (!card) return std::unexpected(card.error());
  return std::move(card->meta.summary);
}

Result<ModelRecord> read_record(const std::string& directory, const std::string& name) {
  Result<ModelSummary> summary = read_summary(directory, name);
  if (!summary) return std::unexpected(summary.error());
  return std::move(summary->record);
}

Result<DriftReference> read_drift_reference(const std::string& directory, const std::string& name,
                                            std::size_t feature_count) {
  const Result<Directory> folder = open_model(directory, name);
  if (!folder) return std::unexpected(folder.error());
  const std::string path = path_of(directory, name, reference_file);
  const Result<std::string> text = folder->read(reference_file, meta_bytes_max);
  if (!text) return about(path, text.error());
  Result<DriftReference> reference = parse_drift_reference(*text, feature_count);
  if (!reference) return about(path, reference.error());
  return reference;
}

Result<std::string> read_model_card(const std::string& directory, const std::string& name) {
  const Result<Directory> folder = open_model(directory, name);
  if (!folder) return std::unexpected(folder.error());
  Result<Card> card = read_card(*folder, directory, name);
  if (!card) return std::unexpected(card.error());
  return std::move(card->text);
}

Result<std::vector<std::string>> list_models(const std::string& directory) {
  Result<std::vector<std::string>> names = child_directories(directory, is_model_name);
  if (!names) return names;
  std::erase_if(*names, [&](const std::string& name) {
    std::error_code unreadable;
    return !std::filesystem::is_regular_file(
        std::filesystem::symlink_status(path_of(directory, name, meta_file), unreadable));
  });
  return names;
}

Result<void> remove_model(const std::string& directory, const std::string& name) {
  if (const Result<void> ok = check_name(name); !ok) return ok;
  const std::string path = directory + "/" + name, unwanted = directory + "/." + name + ".remove";
  std::error_code error;
  std::filesystem::rename(path, unwanted, error);
  if (!error) std::filesystem::remove_all(unwanted, error);
  if (error) return about(path, {Remedy::retry, error.message()});
  return {};
}

Result<std::size_t> remove_unfinished(const std::string& directory) {
  const Result<std::vector<std::string>> names = child_directories(directory, is_unfinished_name);
  if (!names) return std::unexpected(names.error());
  for (const std::string& name : *names) {
    std::error_code error;
    std::filesystem::remove_all(directory + "/" + name, error);
    if (error) return retry(fmt::format("model directory {}: {}: {}", directory, name, error.message()));
  }
  return names->size();
}

}  // namespace candled::model
