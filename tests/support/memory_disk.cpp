#include "support/memory_disk.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <new>
#include <stdexcept>
#include <utility>

namespace galley::test {

// What SQLite calls.
struct MemoryVfs {
  using File = MemoryDisk::File;
  using Guard = std::lock_guard<std::mutex>;

  struct Handle {
    sqlite3_file base{};
    MemoryDisk* disk = nullptr;
    std::shared_ptr<File> file{};  // with the disk, which may have removed its name
    int lock = SQLITE_LOCK_NONE;
    bool shares_memory = false;
  };

  static Handle& of(sqlite3_file* file) { return *reinterpret_cast<Handle*>(file); }
  static MemoryDisk& of(sqlite3_vfs* vfs) { return *static_cast<MemoryDisk*>(vfs->pAppData); }
  static std::string name_of(const char* path) {
    const std::string text(path);
    return text.substr(text.rfind('/') + 1);
  }

  static int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* out, int flags, int* out_flags) {
    out->pMethods = nullptr;
    MemoryDisk& disk = of(vfs);
    const Guard guard(disk.mutex_);
    if (const int code = disk.strike(DiskOperation::open)) return code;
    // Temporary files are for memory: the disk may be full.
    if (path == nullptr) return SQLITE_CANTOPEN;
    const std::string name = name_of(path);
    auto found = disk.files_.find(name);
    if (found == disk.files_.end()) {
      if ((flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
      auto made = std::make_shared<File>();
      made->number = disk.next_file_++;
      made->unnamed = true;
      disk.note({.kind = DiskEvent::Kind::create, .file = made->number, .text = name});
      found = disk.files_.emplace(name, std::move(made)).first;
    }
    auto* handle = new (out) Handle;
    handle->disk = &disk;
    handle->file = found->second;
    handle->base.pMethods = methods();
    if (out_flags != nullptr) *out_flags = flags;
    return SQLITE_OK;
  }

  static int remove(sqlite3_vfs* vfs, const char* path, int and_sync) {
    MemoryDisk& disk = of(vfs);
    const Guard guard(disk.mutex_);
    if (const int code = disk.strike(DiskOperation::remove)) return code;
    const auto found = disk.files_.find(name_of(path));
    if (found == disk.files_.end()) return SQLITE_IOERR_DELETE_NOENT;
    disk.note({.kind = DiskEvent::Kind::remove, .file = found->second->number, .text = found->first});
    if (and_sync != 0 && disk.sync_ == MemoryDisk::Sync::honest)
      disk.note({.kind = DiskEvent::Kind::sync_directory, .file = found->second->number});
    disk.files_.erase(found);
    return SQLITE_OK;
  }

  static int access(sqlite3_vfs* vfs, const char* path, int, int* result) {
    MemoryDisk& disk = of(vfs);
    const Guard guard(disk.mutex_);
    const auto found = disk.files_.find(name_of(path));
    // As the one for Unix: an empty file counts as none.
    *result = found != disk.files_.end() && !found->second->bytes.empty();
    return SQLITE_OK;
  }

  static int full_path(sqlite3_vfs*, const char* path, int size, char* out) {
    if (std::strlen(path) >= static_cast<std::size_t>(size)) return SQLITE_CANTOPEN;
    std::strcpy(out, path);
    return SQLITE_OK;
  }

  // The salts of the log come from here: the same in every run.
  static int randomness(sqlite3_vfs*, int size, char* out) {
    for (int i = 0; i < size; ++i)
      out[i] = static_cast<char>(37 * i + 11);
    return size;
  }

  static int close(sqlite3_file* file) {
    unshare_memory(file, 0);
    unlock(file, SQLITE_LOCK_NONE);
    of(file).~Handle();
    return SQLITE_OK;
  }

  static int read(sqlite3_file* file, void* out, int size, sqlite3_int64 place) {
    Handle& handle = of(file);
    const Guard guard(handle.disk->mutex_);
    if (const int code = handle.disk->strike(DiskOperation::read)) return code;
    const std::string& bytes = handle.file->bytes;
    const auto wanted = static_cast<std::size_t>(size);
    const std::size_t start = std::min(static_cast<std::size_t>(place), bytes.size());
    const std::size_t count = std::min(wanted, bytes.size() - start);
    std::memcpy(out, bytes.data() + start, count);
    std::memset(static_cast<char*>(out) + count, 0, wanted - count);
    return count == wanted ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
  }

  static int write(sqlite3_file* file, const void* from, int size, sqlite3_int64 place) {
    Handle& handle = of(file);
    const Guard guard(handle.disk->mutex_);
    const int code = handle.disk->strike(DiskOperation::write);
    // A disk that fills up takes what it can.
    const auto count = static_cast<std::size_t>(code == SQLITE_OK ? size : size / 2);
    const auto start = static_cast<std::size_t>(place);
    std::string& bytes = handle.file->bytes;
    if (bytes.size() < start + count) bytes.resize(start + count);
    std::memcpy(bytes.data() + start, from, count);
    handle.disk->note({.kind = DiskEvent::Kind::write,
                       .file = handle.file->number,
                       .text = std::string(static_cast<const char*>(from), count),
                       .place = start});
    return code;
  }

  static int truncate(sqlite3_file* file, sqlite3_int64 size) {
    Handle& handle = of(file);
    const Guard guard(handle.disk->mutex_);
    if (const int code = handle.disk->strike(DiskOperation::truncate)) return code;
    const auto length = static_cast<std::size_t>(size);
    handle.file->bytes.resize(length);
    handle.disk->note({.kind = DiskEvent::Kind::truncate, .file = handle.file->number, .place = length});
    return SQLITE_OK;
  }

  static int sync(sqlite3_file* file, int) {
    Handle& handle = of(file);
    const Guard guard(handle.disk->mutex_);
    if (const int code = handle.disk->strike(DiskOperation::sync)) return code;
    if (handle.disk->sync_ == MemoryDisk::Sync::lying) return SQLITE_OK;
    handle.disk->note({.kind = DiskEvent::Kind::sync, .file = handle.file->number});
    // As the one for Unix: the first sync of a new log or journal also syncs its folder.
    if (std::exchange(handle.file->unnamed, false))
      handle.disk->note({.kind = DiskEvent::Kind::sync_directory, .file = handle.file->number});
    return SQLITE_OK;
  }

  static int size(sqlite3_file* file, sqlite3_int64* out) {
    Handle& handle = of(file);
    const Guard guard(handle.disk->mutex_);
    *out = static_cast<sqlite3_int64>(handle.file->bytes.size());
    return SQLITE_OK;
  }

  static int lock(sqlite3_file* file, int level) {
    Handle& handle = of(file);
    const Guard guard(handle.disk->mutex_);
    File& target = *handle.file;
    const auto free_for = [&](const void* holder) { return holder == nullptr || holder == &handle; };
    if (handle.lock == SQLITE_LOCK_NONE) {
      if (!free_for(target.pending_by) || !free_for(target.owned_by)) return SQLITE_BUSY;
      ++target.readers;
      handle.lock = SQLITE_LOCK_SHARED;
    }
    if (level >= SQLITE_LOCK_RESERVED && handle.lock < SQLITE_LOCK_RESERVED) {
      if (!free_for(target.reserved_by)) return SQLITE_BUSY;
      target.reserved_by = &handle;
      handle.lock = SQLITE_LOCK_RESERVED;
    }
    if (level == SQLITE_LOCK_EXCLUSIVE && handle.lock < SQLITE_LOCK_EXCLUSIVE) {
      target.pending_by = &handle;
      if (target.readers > 1) return SQLITE_BUSY;
      target.owned_by = &handle;
      handle.lock = SQLITE_LOCK_EXCLUSIVE;
    }
    return SQLITE_OK;
  }

  static int unlock(sqlite3_file* file, int level) {
    Handle& handle = of(file);
    const Guard guard(handle.disk->mutex_);
    File& target = *handle.file;
    for (const void** holder : {&target.reserved_by, &target.pending_by, &target.owned_by})
      if (*holder == &handle) *holder = nullptr;
    if (level == SQLITE_LOCK_NONE && handle.lock != SQLITE_LOCK_NONE) --target.readers;
    handle.lock = std::min(level, handle.lock);
    return SQLITE_OK;
  }

  static int check_reserved(sqlite3_file* file, int* out) {
    const Guard guard(of(file).disk->mutex_);
    *out = of(file).file->reserved_by != nullptr;
    return SQLITE_OK;
  }

  static int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
  static int sector_size(sqlite3_file*) { return 4096; }
  // What the VFS for Unix says by default: a write that is cut off harms nothing beside it.
  static int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

  static int share_memory(sqlite3_file* file, int region, int size, int extend, void volatile** out) {
    Handle& handle = of(file);
    const Guard guard(handle.disk->mutex_);
    *out = nullptr;
    if (const int code = handle.disk->strike(DiskOperation::share_memory)) return code;
    MemoryDisk::SharedMemory& memory = handle.file->memory;
    if (!std::exchange(handle.shares_memory, true)) ++memory.users;
    const auto wanted = static_cast<std::size_t>(region);
    if (memory.regions.size() <= wanted && extend == 0) return SQLITE_OK;
    while (memory.regions.size() <= wanted)
      memory.regions.push_back(std::make_unique<char[]>(static_cast<std::size_t>(size)));
    *out = memory.regions[wanted].get();
    return SQLITE_OK;
  }

  static int lock_memory(sqlite3_file* file, int first, int count, int flags) {
    Handle& handle = of(file);
    const Guard guard(handle.disk->mutex_);
    MemoryDisk::SharedMemory& memory = handle.file->memory;
    const bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
    const auto begin = static_cast<std::size_t>(first), end = begin + static_cast<std::size_t>(count);
    if ((flags & SQLITE_SHM_UNLOCK) != 0) {
      for (std::size_t i = begin; i < end; ++i) {
        if (exclusive) memory.taken.at(i) = false;
        if (!exclusive) --memory.readers.at(i);
      }
      return SQLITE_OK;
    }
    for (std::size_t i = begin; i < end; ++i)
      if (memory.taken.at(i) || (exclusive && memory.readers.at(i) > 0)) return SQLITE_BUSY;
    for (std::size_t i = begin; i < end; ++i) {
      if (exclusive) memory.taken.at(i) = true;
      if (!exclusive) ++memory.readers.at(i);
    }
    return SQLITE_OK;
  }

  static void barrier(sqlite3_file* file) {
    // The mutex is one that ThreadSanitizer sees.
    const Guard guard(of(file).disk->mutex_);
    std::atomic_thread_fence(std::memory_order_seq_cst);
  }

  static int unshare_memory(sqlite3_file* file, int) {
    Handle& handle = of(file);
    const Guard guard(handle.disk->mutex_);
    if (!std::exchange(handle.shares_memory, false)) return SQLITE_OK;
    // Nobody is left who remembers: the next one reads the log anew.
    if (--handle.file->memory.users == 0) handle.file->memory.regions.clear();
    return SQLITE_OK;
  }

  static const sqlite3_io_methods* methods() {
    static const sqlite3_io_methods table = [] {
      sqlite3_io_methods made{};
      made.iVersion = 2;
      made.xClose = &close;
      made.xRead = &read;
      made.xWrite = &write;
      made.xTruncate = &truncate;
      made.xSync = &sync;
      made.xFileSize = &size;
      made.xLock = &lock;
      made.xUnlock = &unlock;
      made.xCheckReservedLock = &check_reserved;
      made.xFileControl = &control;
      made.xSectorSize = &sector_size;
      made.xDeviceCharacteristics = &characteristics;
      made.xShmMap = &share_memory;
      made.xShmLock = &lock_memory;
      made.xShmBarrier = &barrier;
      made.xShmUnmap = &unshare_memory;
      return made;
    }();
    return &table;
  }
};

MemoryDisk::MemoryDisk(Image image, Sync sync) : sync_(sync) {
  for (auto& [name, bytes] : image) {
    auto file = std::make_shared<File>();
    file->number = next_file_++;
    file->bytes = std::move(bytes);
    files_.emplace(name, std::move(file));
  }
  // Everything that is no file is the machine's: the time, sleeping.
  vfs_ = *sqlite3_vfs_find("unix");
  vfs_.szOsFile = sizeof(MemoryVfs::Handle);
  vfs_.pNext = nullptr;
  vfs_.zName = "memory disk";
  vfs_.pAppData = this;
  vfs_.xOpen = &MemoryVfs::open;
  vfs_.xDelete = &MemoryVfs::remove;
  vfs_.xAccess = &MemoryVfs::access;
  vfs_.xFullPathname = &MemoryVfs::full_path;
  vfs_.xRandomness = &MemoryVfs::randomness;
  if (sqlite3_vfs_register(&vfs_, 1) != SQLITE_OK) throw std::runtime_error("SQLite takes no VFS");
}

MemoryDisk::~MemoryDisk() {
  sqlite3_vfs_unregister(&vfs_);
}

std::size_t MemoryDisk::position() const {
  const std::lock_guard guard(mutex_);
  return events_.size();
}

MemoryDisk::Image MemoryDisk::image() const {
  const std::lock_guard guard(mutex_);
  Image image;
  for (const auto& [name, file] : files_)
    image.emplace(name, file->bytes);
  return image;
}

std::size_t MemoryDisk::size_of(const std::string& name) const {
  const std::lock_guard guard(mutex_);
  const auto found = files_.find(name);
  return found == files_.end() ? 0 : found->second->bytes.size();
}

void MemoryDisk::fail(DiskFault fault) {
  const std::lock_guard guard(mutex_);
  fault_ = fault;
  operations_ = 0;
  armed_ = true;
  struck_ = false;
}

void MemoryDisk::heal() {
  const std::lock_guard guard(mutex_);
  armed_ = false;
}

bool MemoryDisk::struck() const {
  const std::lock_guard guard(mutex_);
  return struck_;
}

int MemoryDisk::strike(DiskOperation operation) {
  if (!armed_ || operation != fault_.operation) return SQLITE_OK;
  ++operations_;
  if (operations_ < fault_.nth || (operations_ > fault_.nth && !fault_.lasts)) return SQLITE_OK;
  struck_ = true;
  return fault_.code;
}

}  // namespace galley::test
