#include "candled/model/registry.hpp"

#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <sys/resource.h>
#include <sys/stat.h>

#include "candled/model/predictor.hpp"
#include "model/made_rows.hpp"
#include "model/model_directory.hpp"
#include "model/sha256.hpp"

using namespace candled;
using namespace candled::model;
namespace fs = std::filesystem;

TEST_CASE("names") {
  CHECK(model_name(created) == name);
  CHECK(is_model_name(name));
  for (const std::string_view bad : {"", "20260825-041500", "20260825_04150", "20260825_0415000", "2026082a_041500",
                                     "../../../../../", "20260825_04150/", "20260825_04150.", "................"}) {
    INFO(bad);
    CHECK_FALSE(is_model_name(bad));
  }
  TemporaryDirectory directory;
  CHECK(*free_model_name(directory.text() + "/absent", created) == name);
  fs::create_directory(directory / "20260825_041500");
  spill(directory / "20260825_041501", "a file of that name");
  fs::create_directory_symlink("nowhere", directory / "20260825_041502");
  CHECK(*free_model_name(directory.text(), created) == "20260825_041503");
}

TEST_CASE("a model comes back bit for bit") {
  TemporaryDirectory directory;
  const std::string models = directory.text() + "/var/models";
  const auto written = write_model(models, name, small_model(), created);
  REQUIRE(written.has_value());
  CHECK(entries(models) == 1);
  const auto loaded = load_model(models, name, four);
  REQUIRE(loaded.has_value());
  CHECK(loaded->predictor->name() == name);
  CHECK(loaded->predictor->horizon() == Duration::minutes(1));
  CHECK(loaded->predictor->feature_hash() == "hash-of-four");

  const ModelRecord& record = loaded->record;
  CHECK(record.kind == "gbdt");
  CHECK(record.created == created);
  CHECK(record.trained_from == small_model().trained_from);
  CHECK(record.trained_to == small_model().trained_to);
  CHECK(record.accuracy == small_model().metrics.accuracy);
  CHECK(record.f1 == small_model().metrics.f1);
  CHECK(record.precision == small_model().metrics.precision);
  CHECK(record.recall == small_model().metrics.recall);
  CHECK(record.metrics_json == to_json(small_model().metrics));
  CHECK(record.metrics_json == written->metrics_json);
  CHECK(record.sha256 == sha256_hex(bytes_of(small_model())));
  CHECK(read_record(models, name)->sha256 == record.sha256);
  CHECK(read_model_card(models, name)->find("\"training_rows\"") != std::string::npos);

  const auto before = predictor_of_bytes({name, "hash-of-four", 4, Duration::minutes(1)}, bytes_of(small_model()));
  REQUIRE(before.has_value());
  const TrainingRows rows = made_rows(500, 0.7, 99);
  double lowest = 1, highest = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double probability = loaded->predictor->predict(rows.row(i));
    CHECK(probability == (*before)->predict(rows.row(i)));
    lowest = std::min(lowest, probability);
    highest = std::max(highest, probability);
  }
  CHECK(lowest < 0.45);
  CHECK(highest > 0.55);
  const double infinity = std::numeric_limits<double>::infinity(), missing = std::numeric_limits<double>::quiet_NaN();
  CHECK(loaded->predictor->predict(std::vector{infinity, 0.9, -infinity, 1e300}) ==
        loaded->predictor->predict(std::vector{missing, 0.9, missing, missing}));
}

TEST_CASE("training, loading and predicting stay on the calling thread") {
  TemporaryDirectory directory;
  REQUIRE(write_model(directory.text(), name, small_model(), created).has_value());
  const auto loaded = load_model(directory.text(), name, four);
  REQUIRE(loaded.has_value());
  loaded->predictor->predict(std::vector{0.1, 0.9, 0.5, 0.5});
  // Threads that OpenMP started would still be there: it keeps them for next time.
  CHECK(entries("/proc/self/task") == 1);
}

TEST_CASE("the hold-out metrics are those of the written model") {
  TemporaryDirectory directory;
  REQUIRE(write_model(directory.text(), name, small_model(), created).has_value());
  const auto loaded = load_model(directory.text(), name, four);
  const TrainingRows rows = made_rows(600, 0.7, 9);
  std::vector<double> probabilities;
  std::vector<Label> labels;
  for (std::size_t i = 0; i + 1 < rows.size(); ++i) {
    if (rows.open_times[i] < small_model().metrics.from) continue;
    probabilities.push_back(loaded->predictor->predict(rows.row(i)));
    labels.push_back(rows.closes[i + 1] > rows.closes[i] ? Label::up : Label::not_up);
  }
  CHECK(labels.size() == small_model().metrics.rows);
  CHECK(log_loss(probabilities, labels) == small_model().metrics.log_loss);  // to the last bit
  CHECK(area_under_roc(probabilities, labels) == small_model().metrics.auc);
}

TEST_CASE("models that must not be loaded") {
  TemporaryDirectory directory;
  const fs::path folder = directory / name, meta = folder / "meta.json", model = folder / "model.ubj";
  const auto refused = [&](const std::string& wanted, const ExpectedFeatures& expected = four) {
    const auto loaded = load_model(directory.text(), name, expected);
    REQUIRE_FALSE(loaded.has_value());
    const std::string& message = loaded.error().message;
    INFO(message);
    CHECK(message.find(wanted) != std::string::npos);
    CHECK(message.find(name) != std::string::npos);
    CHECK(message.find('\n') == std::string::npos);
    CHECK(loaded.error().remedy == Remedy::refuse);
  };
  refused("does not exist");
  REQUIRE(write_model(directory.text(), name, small_model(), created).has_value());
  const std::string good_meta = slurp(meta), good_model = slurp(model);
  // The same bytes with the digest and size that belong to them: what then refuses is XGBoost or the probe.
  const auto disguise = [&](const std::string& bytes) {
    spill(model, bytes);
    spill(meta,
          replaced(replaced(replaced(good_meta, sha256_hex(good_model), sha256_hex(bytes)), sha256_hex(good_model),
                            sha256_hex(bytes)),
                   "\"bytes\":" + std::to_string(good_model.size()), "\"bytes\":" + std::to_string(bytes.size())));
  };

  SECTION("truncated") {
    spill(model, good_model.substr(0, good_model.size() / 2));
    refused("model.ubj: is " + std::to_string(good_model.size() / 2) + " bytes long");
    spill(model, "");
    refused("truncated or foreign");
  }
  SECTION("a reference that is cut off") {
    fs::resize_file(folder / "reference.json", 40);
    refused("reference.json");
  }
  SECTION("one bit flipped") {
    std::string bytes = good_model;
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    spill(model, bytes);
    refused("model.ubj: SHA-256 differs");
  }
  SECTION("foreign, with a digest that fits") {
    disguise("PNG and so on");
    refused("not UBJSON of an XGBoost model near byte 1");
    disguise("{}");
    refused("not an XGBoost model of the kind that is written here");
    disguise("{\"learner\": 5}");
    refused("not UBJSON");
    disguise(good_model.substr(0, good_model.size() - 20));
    refused("not UBJSON");
    disguise(good_model + " ");
    refused("not UBJSON");
    disguise(replaced(good_model, "binary:logistic", "reg:pseudohuber"));
    refused("not a model that answers with one probability");
    disguise(replaced(good_model, "gbtree", "dartyy"));
    refused("not a model of trees");
  }
  SECTION("files that are absent, links or no files") {
    fs::remove(model);
    refused("model.ubj: does not exist");
    spill(directory / "elsewhere", good_model);
    fs::create_symlink(directory / "elsewhere", model);
    refused("model.ubj: is a symbolic link");
    fs::remove(model);
    REQUIRE(::mkfifo(model.c_str(), 0600) == 0);
    refused("model.ubj: is not a regular file");
    fs::remove(meta);
    refused("meta.json: does not exist");
    fs::create_directory(meta);
    refused("meta.json: is not a regular file");
  }
  SECTION("a directory that is a link or a file") {
    fs::rename(folder, directory / "real");
    fs::create_directory_symlink(directory / "real", folder);
    refused("is a symbolic link");
    fs::remove(folder);
    spill(folder, "");
    refused("is not a directory");
  }
  SECTION("oversized") {
    fs::resize_file(meta, std::uintmax_t{1} << 30);
    refused("meta.json: is 1073741824 bytes long, more than the limit");
    spill(meta, replaced(good_meta, "\"bytes\":" + std::to_string(good_model.size()), "\"bytes\":1073741824"));
    refused("meta.json says 1073741824");
    fs::resize_file(model, std::uintmax_t{1} << 30);
    refused("model.ubj: is 1073741824 bytes long, more than the limit");
  }
  SECTION("features") {
    refused("was trained on other features", {"another hash", 4});
    refused("lists 4 features, here are 5", {"hash-of-four", 5});
    spill(meta, replaced(good_meta, "\"noise_a\",", ""));
    refused("reference.json: holds 4 features, the model has 3", {"hash-of-four", 3});
  }
  SECTION("meta.json that says something else") {
    const auto with = [&](std::string_view from, std::string_view to, const std::string& wanted) {
      spill(meta, replaced(good_meta, from, to));
      refused(wanted);
    };
    with("20260825_041500", "20260825_041501", "is that of another model");
    with("\"gbdt\"", "\"oracle\"", "'kind' is not gbdt, forest or ensemble");
    with("\"schema_version\": 2", "\"schema_version\": 3", "schema_version 3 is not known here");
    with("\"horizon\": \"1m\"", "\"horizon\": \"-1m\"", "'horizon' is not a duration");
    with("\"created\": \"2026", "\"created\": \"yes", "'created' is not a time");
    with("\"accuracy\":", "\"accurate\":", "'accuracy' is not a number");
    with("\"sha256\": \"", "\"sha256\": \"0", "'sha256' is not a digest");
    with("\"weight\":1", "\"weight\":-1", "'parts' is not well formed ('weight' is not a positive number)");
    with("\"parts\": [", "\"parts\": [], \"others\": [", "'parts' is not a list of 1 to 16 models");
    with("\"calibration\": {", "\"calibration\": {\"kind\":\"platt\",\"slope\":-1,\"offset\":0}, \"b\": {",
         "'calibration' is not well formed ('slope' is not a positive number)");
    with("\"calibration\": {", "\"calibration\": {\"kind\":\"isotonic\",\"from\":[1,0],\"to\":[0,1]}, \"b\": {",
         "'calibration' is not well formed ('from' is not ascending)");
    with("\"buy_above\":0.5", "\"buy_above\":0.4", "'signals' is not two ascending probabilities");
    with("\"leaking\": false", "\"leaking\": 0", "'leaking' is not true or false");
    with("\"features\": [", "\"features\": [[], ", "'features' is not a list of texts");
    for (const std::string_view text :
         {"", "null", "[]", "{", "{\"schema_version\": 2}", "\xff\xfe", "{\"schema_version\": 1e999}"}) {
      spill(meta, text);
      refused("meta.json: ");
    }
    spill(meta, std::string(100'000, '['));
    refused("not a JSON object");
    spill(meta, good_meta.substr(0, good_meta.size() / 2));
    refused("not a JSON object");
  }
  SECTION("names that lead elsewhere") {
    for (const std::string& bad :
         {"../" + name, name + "/../" + name, std::string(), std::string("."), std::string(15, '/')}) {
      const auto loaded = load_model(directory.text(), bad, four);
      REQUIRE_FALSE(loaded.has_value());
      CHECK(loaded.error().message.find("is not a model name") != std::string::npos);
      CHECK_FALSE(write_model(directory.text(), bad, small_model(), created).has_value());
    }
  }
}

TEST_CASE("a removed model is gone") {
  TemporaryDirectory directory;
  REQUIRE(write_model(directory.text(), name, small_model(), created).has_value());
  CHECK(remove_model(directory.text(), name).has_value());
  CHECK(entries(directory.text()) == 0);
  CHECK_FALSE(remove_model(directory.text(), name).has_value());
  CHECK_FALSE(remove_model(directory.text(), "../elsewhere").has_value());
}

TEST_CASE("any damaged byte is noticed") {
  TemporaryDirectory directory;
  REQUIRE(write_model(directory.text(), name, small_model(), created).has_value());
  const fs::path model = directory / name / "model.ubj";
  const std::string good = slurp(model);
  std::mt19937_64 random(1);
  for (int i = 0; i < 200; ++i) {
    std::string bytes = good;
    const std::size_t at = random() % bytes.size();
    bytes[at] = static_cast<char>(bytes[at] ^ static_cast<char>(1U << (random() % 8)));
    spill(model, bytes);
    CHECK_FALSE(load_model(directory.text(), name, four).has_value());
  }
}

TEST_CASE("a failed write leaves nothing") {
  TemporaryDirectory directory;
  REQUIRE(write_model(directory.text(), name, small_model(), created).has_value());
  SECTION("the name is taken") {
    const std::string before = slurp(directory / name / "model.ubj");
    const auto again = write_model(directory.text(), name, small_model(), created);
    REQUIRE_FALSE(again.has_value());
    CHECK(again.error().message == "model " + directory.text() + "/" + name + ": exists already");
    CHECK(entries(directory.text()) == 1);
    CHECK(slurp(directory / name / "model.ubj") == before);
  }
  SECTION("the disk is full") {
    // A limit on the size of files fails the write half-way, as a full disk does.
    const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
    rlimit old_limit{};
    REQUIRE(getrlimit(RLIMIT_FSIZE, &old_limit) == 0);
    for (const rlim_t room : {rlim_t{0}, rlim_t{1000}, rlim_t{bytes_of(small_model()).size() - 1}}) {
      rlimit limit = old_limit;
      limit.rlim_cur = room;
      REQUIRE(setrlimit(RLIMIT_FSIZE, &limit) == 0);
      const auto full = write_model(directory.text(), "20260825_041501", small_model(), created);
      REQUIRE(setrlimit(RLIMIT_FSIZE, &old_limit) == 0);
      REQUIRE_FALSE(full.has_value());
      CHECK(full.error().remedy == Remedy::retry);
      CHECK(full.error().message.find("20260825_041501: File too large") != std::string::npos);
      CHECK(entries(directory.text()) == 1);
    }
    std::signal(SIGXFSZ, old_handler);
  }
  SECTION("the directory cannot be made") {
    spill(directory / "file", "");
    const auto written = write_model(directory.text() + "/file/models", name, small_model(), created);
    REQUIRE_FALSE(written.has_value());
    CHECK(written.error().message.find("/file/models: ") != std::string::npos);
  }
}

TEST_CASE("listing") {
  TemporaryDirectory directory;
  CHECK(list_models(directory.text() + "/absent")->empty());
  for (const char* each : {"20260825_041502", "20250101_000000", "20260825_041500"}) {
    REQUIRE(write_model(directory.text(), each, small_model(), created).has_value());
  }
  fs::create_directory(directory / "20270101_000000");          // no meta.json
  fs::create_directory(directory / ".20270101_000000.AbCdEf");  // a writer was killed
  fs::create_directory(directory / "notes");
  spill(directory / "20280101_000000", "a file");
  fs::create_directory_symlink("20250101_000000", directory / "20290101_000000");
  CHECK(*list_models(directory.text()) ==
        std::vector<std::string>{"20250101_000000", "20260825_041500", "20260825_041502"});
  CHECK(*remove_unfinished(directory.text()) == 1);
  CHECK_FALSE(fs::exists(directory / ".20270101_000000.AbCdEf"));
  CHECK(fs::exists(directory / "notes"));
  CHECK_FALSE(list_models((directory / "20280101_000000").string()).has_value());
}

TEST_CASE("SHA-256 of the standard's examples") {
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
