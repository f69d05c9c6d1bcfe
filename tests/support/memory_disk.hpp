// A disk in memory under SQLite, as its default VFS while it lives: it remembers in which order it was written and
// synced, and it fails where it is told to. For databases of this process alone: shared memory, locks and files are
// objects, and what is open when a PowerCut happens is of no matter to it.
#pragma once

#include <sqlite3.h>

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace galley::test {

enum class DiskOperation : std::uint8_t { open, read, write, truncate, sync, remove, share_memory };

struct DiskEvent {
  enum class Kind : std::uint8_t { create, remove, write, truncate, sync, sync_directory };
  Kind kind;
  int file;             // a number that is never used again, also where the name is
  std::string text{};   // what was written; the name of what was created or removed
  std::size_t place{};  // where it was written; the size that was truncated to
};

// The n-th operation of the kind fails with the code of SQLite, and those after it where it lasts.
struct DiskFault {
  DiskOperation operation;
  int nth;
  int code;
  bool lasts;
};

class MemoryDisk {
 public:
  // Names without folders, and contents.
  using Image = std::map<std::string, std::string>;
  enum class Sync : bool { honest, lying };

  explicit MemoryDisk(Image image, Sync sync = Sync::honest);
  ~MemoryDisk();
  MemoryDisk(const MemoryDisk&) = delete;
  MemoryDisk& operator=(const MemoryDisk&) = delete;

  // How many events there were.
  std::size_t position() const;
  // While nothing uses the disk.
  const std::vector<DiskEvent>& events() const { return events_; }
  // What programs see now.
  Image image() const;
  std::size_t size_of(const std::string& name) const;

  // Counts anew from here.
  void fail(DiskFault fault);
  void heal();
  // Whether the fault has struck.
  bool struck() const;

 private:
  friend struct MemoryVfs;

  struct SharedMemory {
    std::vector<std::unique_ptr<char[]>> regions{};
    std::array<int, SQLITE_SHM_NLOCK> readers{};
    std::array<bool, SQLITE_SHM_NLOCK> taken{};
    int users = 0;
  };
  struct File {
    int number = 0;
    std::string bytes{};
    // Its name is not synced before it is.
    bool unnamed = false;
    int readers = 0;
    const void* reserved_by = nullptr;
    const void* pending_by = nullptr;
    const void* owned_by = nullptr;
    SharedMemory memory{};
  };

  // SQLITE_OK, or the code of the fault whose turn it is. The lock is held.
  int strike(DiskOperation operation);
  void note(DiskEvent event) { events_.push_back(std::move(event)); }

  mutable std::mutex mutex_{};
  const Sync sync_;
  // A file without a name lives on in those that have it open.
  std::map<std::string, std::shared_ptr<File>> files_{};
  int next_file_ = 0;
  std::vector<DiskEvent> events_{};
  DiskFault fault_{};
  int operations_ = 0;
  bool armed_ = false;
  bool struck_ = false;
  sqlite3_vfs vfs_{};
};

}  // namespace galley::test
