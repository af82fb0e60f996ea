#include "store/faulty_vfs.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <new>

namespace candled::tests {
namespace {

constexpr std::size_t sector = 512;
constexpr const char* vfs_name = "faulty";

struct OpenFile {
  sqlite3_file base;
  FaultyVfs* vfs;
  const std::string* name;  // null: a temporary file; owned
  sqlite3_file* real() { return static_cast<sqlite3_file*>(static_cast<void*>(this + 1)); }
};
OpenFile& of(sqlite3_file* file) { return *static_cast<OpenFile*>(static_cast<void*>(file)); }
sqlite3_file* real(sqlite3_file* file) { return of(file).real(); }

int close(sqlite3_file* file) {
  const int code = real(file)->pMethods->xClose(real(file));
  delete of(file).name;
  return code;
}
int read(sqlite3_file* file, void* to, int count, sqlite3_int64 offset) {
  if (const int code = of(file).vfs->reading(); code != SQLITE_OK) return code;
  return real(file)->pMethods->xRead(real(file), to, count, offset);
}
int write(sqlite3_file* file, const void* from, int count, sqlite3_int64 offset) {
  const OpenFile& self = of(file);
  const int code =
      self.vfs->writing(self.name == nullptr ? "" : *self.name, static_cast<const char*>(from), count, offset);
  return code != SQLITE_OK ? code : real(file)->pMethods->xWrite(real(file), from, count, offset);
}
int truncate(sqlite3_file* file, sqlite3_int64 size) {
  const OpenFile& self = of(file);
  const int code = self.vfs->truncating(self.name == nullptr ? "" : *self.name, size);
  return code != SQLITE_OK ? code : real(file)->pMethods->xTruncate(real(file), size);
}
int sync(sqlite3_file* file, int /*flags*/) {  // the real disk is left alone
  const OpenFile& self = of(file);
  return self.vfs->syncing(self.name == nullptr ? "" : *self.name);
}
int file_size(sqlite3_file* f, sqlite3_int64* size) { return real(f)->pMethods->xFileSize(real(f), size); }
int lock(sqlite3_file* f, int kind) { return real(f)->pMethods->xLock(real(f), kind); }
int unlock(sqlite3_file* f, int kind) { return real(f)->pMethods->xUnlock(real(f), kind); }
int is_reserved(sqlite3_file* f, int* out) { return real(f)->pMethods->xCheckReservedLock(real(f), out); }
int control(sqlite3_file* f, int op, void* value) { return real(f)->pMethods->xFileControl(real(f), op, value); }
int sector_size(sqlite3_file* f) { return real(f)->pMethods->xSectorSize(real(f)); }
int traits(sqlite3_file* f) { return real(f)->pMethods->xDeviceCharacteristics(real(f)); }
int map_index(sqlite3_file* f, int page, int size, int extend, void volatile** to) {
  return real(f)->pMethods->xShmMap(real(f), page, size, extend, to);
}
int lock_index(sqlite3_file* f, int at, int count, int flags) {
  return real(f)->pMethods->xShmLock(real(f), at, count, flags);
}
void order_index(sqlite3_file* f) { real(f)->pMethods->xShmBarrier(real(f)); }
int unmap_index(sqlite3_file* f, int remove) { return real(f)->pMethods->xShmUnmap(real(f), remove); }

constexpr sqlite3_io_methods methods{2,          close,       read,        write,   truncate,    sync,   file_size,
                                     lock,       unlock,      is_reserved, control, sector_size, traits, map_index,
                                     lock_index, order_index, unmap_index, nullptr, nullptr};

FaultyVfs& vfs_of(sqlite3_vfs* vfs) { return *static_cast<FaultyVfs*>(vfs->pAppData); }

int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out) {
  OpenFile& self = of(file);
  self.base.pMethods = nullptr;
  self.vfs = &vfs_of(vfs);
  self.name = nullptr;
  sqlite3_vfs* const below = vfs_of(vfs).real();
  const int code = below->xOpen(below, name, self.real(), flags, out);
  if (code != SQLITE_OK) return code;
  if (name != nullptr) self.name = new std::string(name);
  self.base.pMethods = &methods;
  return SQLITE_OK;
}
int remove(sqlite3_vfs* vfs, const char* name, int sync_folder) {
  sqlite3_vfs* const below = vfs_of(vfs).real();
  vfs_of(vfs).deleted(name);
  return below->xDelete(below, name, sync_folder);
}

}  // namespace

FaultyVfs::FaultyVfs() : real_(sqlite3_vfs_find(nullptr)) {
  own_ = *real_;
  own_.szOsFile = static_cast<int>(sizeof(OpenFile)) + real_->szOsFile;
  own_.zName = vfs_name;
  own_.pAppData = this;
  own_.xOpen = open;
  own_.xDelete = remove;
  sqlite3_vfs_register(&own_, 1);
}

FaultyVfs::~FaultyVfs() {
  sqlite3_vfs_unregister(&own_);
  sqlite3_vfs_register(real_, 1);
}

void FaultyVfs::fail(Fault fault, int nth, bool lasting) {
  const std::lock_guard lock(mutex_);
  fault_ = fault;
  calls_left_ = nth;
  lasting_ = lasting;
  failed_ = failed_ && fault == Fault::none;
}

void FaultyVfs::pause(bool paused) {
  const std::lock_guard lock(mutex_);
  paused_ = paused;
}

bool FaultyVfs::failed() const {
  const std::lock_guard lock(mutex_);
  return failed_;
}

int FaultyVfs::call(Fault kind, int code) {
  const std::lock_guard lock(mutex_);
  if (paused_ || fault_ != kind || (calls_left_ > 0 && --calls_left_ > 0)) return SQLITE_OK;
  if (!lasting_) fault_ = Fault::none;
  failed_ = true;
  errno = kind == Fault::no_room ? ENOSPC : EIO;
  return code;
}

int FaultyVfs::writing(const std::string& file, const char* bytes, int count, sqlite3_int64 offset) {
  if (const int code = call(Fault::write_error, SQLITE_IOERR_WRITE); code != SQLITE_OK) return code;
  if (const int code = call(Fault::no_room, SQLITE_FULL); code != SQLITE_OK) return code;
  const std::lock_guard lock(mutex_);
  disks_[file].changes.push_back(
      {false, static_cast<std::size_t>(offset), std::string(bytes, static_cast<std::size_t>(count))});
  return SQLITE_OK;
}

int FaultyVfs::truncating(const std::string& file, sqlite3_int64 size) {
  const std::lock_guard lock(mutex_);
  disks_[file].changes.push_back({true, static_cast<std::size_t>(size), {}});
  return SQLITE_OK;
}

int FaultyVfs::syncing(const std::string& file) {
  if (const int code = call(Fault::sync_error, SQLITE_IOERR_FSYNC); code != SQLITE_OK) return code;
  const std::lock_guard lock(mutex_);
  Disk& disk = disks_[file];
  for (const Change& change : disk.changes) apply(disk.kept, change);
  disk.changes.clear();
  return SQLITE_OK;
}

void FaultyVfs::deleted(const std::string& file) {
  const std::lock_guard lock(mutex_);
  disks_.erase(file);
}

void FaultyVfs::apply(std::string& content, const Change& change) {
  if (change.truncates) return content.resize(change.offset);
  if (content.size() < change.offset + change.bytes.size()) content.resize(change.offset + change.bytes.size());
  content.replace(change.offset, change.bytes.size(), change.bytes);
}

void FaultyVfs::lose_power_into(const std::filesystem::path& folder, std::mt19937_64& random) {
  const std::lock_guard lock(mutex_);
  for (const auto& [name, disk] : disks_) {
    if (name.empty()) continue;
    std::string content = disk.kept;
    for (const Change& change : disk.changes) {
      if (change.truncates) {
        if (random() % 2 == 0) apply(content, change);
        continue;
      }
      for (std::size_t at = 0; at < change.bytes.size(); at += sector) {
        if (random() % 2 == 0) apply(content, {false, change.offset + at, change.bytes.substr(at, sector)});
      }
    }
    std::ofstream(folder / std::filesystem::path(name).filename(), std::ios::binary) << content;
  }
}

}  // namespace candled::tests
