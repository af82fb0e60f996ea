#include "candled/store/trials.hpp"

#include <cmath>

#include "candled/store/journal_writer.hpp"
#include "store/file_lock.hpp"
#include "store/in_transaction.hpp"
#include "store/schema.hpp"
#include "store/sqlite.hpp"

namespace candled::store {
namespace {

// NULL where it is not known.
auto known(double value) { return std::isfinite(value) ? std::optional<double>(value) : std::nullopt; }

template <class Work>
auto writing(const std::filesystem::path& path, Work work) -> Result<decltype(work(std::declval<Connection&>()))> {
  try {
    const FileLock lock(path);
    Connection connection(path, Access::read_write);
    prepare_schema(connection, nullptr);
    Transaction transaction(connection);
    auto value = work(connection);
    transaction.commit();
    return value;
  } catch (const SqliteError& error) {
    return remedy_of(error);
  } catch (const StoreError& error) {
    return retry(error.what());
  }
}

std::filesystem::path writable(const std::filesystem::path& database) {
  return FileLock::held_by(database).empty() ? database : tuning_beside(database);
}

std::optional<StudyTrials> find_in(const std::filesystem::path& path, const std::string& settings) {
  if (!std::filesystem::exists(path)) return std::nullopt;
  Connection connection(path, Access::read_only);
  check_ours(connection);
  if (connection.query_integer("SELECT count(*) FROM sqlite_schema WHERE name = 'trial'") == 0) return std::nullopt;
  std::optional<StudyTrials> found;
  Statement study(connection, "SELECT id, from_time, to_time FROM study WHERE settings = ? ORDER BY id");
  study.bind(settings);
  while (study.next())
    found = StudyTrials{path, study.integer(0), {settings, {study.integer(1)}, {study.integer(2)}}, {}};
  if (!found) return std::nullopt;
  Statement trial(connection, "SELECT trial FROM trial WHERE study = ? ORDER BY number");
  trial.bind(found->id);
  while (trial.next()) found->trials.emplace_back(trial.text(0));
  return found;
}

std::int64_t insert_study(Connection& connection, const Study& study) {
  Statement insert(connection, "INSERT INTO study (settings, from_time, to_time) VALUES (?,?,?)");
  insert.bind(study.settings, study.from.ns, study.to.ns).run();
  return sqlite3_last_insert_rowid(connection.handle());
}

void insert_trial(Connection& connection, std::int64_t study, const TrialRecord& trial) {
  Statement insert(connection, "INSERT OR REPLACE INTO trial VALUES (?,?,?,?,?)");
  insert.bind(study, trial.number, trial.state, known(trial.loss), trial.json).run();
}

}  // namespace

std::filesystem::path tuning_beside(const std::filesystem::path& database) {
  return database.string() + ".tuning.sqlite";
}

std::optional<StudyTrials> find_study(const std::filesystem::path& database, const std::string& settings) {
  try {
    std::optional<StudyTrials> inside = find_in(database, settings),
                               beside = find_in(tuning_beside(database), settings);
    if (inside && beside) return inside->trials.size() > beside->trials.size() ? inside : beside;
    return inside ? inside : beside;
  } catch (const SqliteError& error) {
    throw StoreError(error.what());
  }
}

Result<StudyTrials> begin_study(const std::filesystem::path& database, const Study& study) {
  const std::filesystem::path path = writable(database);
  const Result<std::int64_t> id =
      writing(path, [&](Connection& connection) { return insert_study(connection, study); });
  if (!id) return std::unexpected(id.error());
  return StudyTrials{path, *id, study, {}};
}

Result<void> add_trial(StudyTrials& study, const std::filesystem::path& database, const TrialRecord& trial) {
  const std::filesystem::path path = study.file == database ? writable(database) : study.file;
  const bool moved = path != study.file;
  const Result<std::int64_t> done = writing(path, [&](Connection& connection) {
    const std::int64_t id = moved ? insert_study(connection, study.study) : study.id;
    for (std::size_t i = 0; moved && i < study.trials.size(); ++i) {
      insert_trial(connection, id, {static_cast<std::int64_t>(i) + 1, "earlier", std::nan(""), study.trials[i]});
    }
    insert_trial(connection, id, trial);
    return id;
  });
  if (!done) return std::unexpected(done.error());
  study.file = path;
  study.id = *done;
  study.trials.push_back(trial.json);
  return {};
}

}  // namespace candled::store
