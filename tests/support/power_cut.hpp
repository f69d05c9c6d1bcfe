// What may be on a disk after the power failed: all that was synced, and of what was written since, anything.
#pragma once

#include <cstddef>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "support/memory_disk.hpp"

namespace galley::test {

class PowerCut {
 public:
  // image: what the disk had before the first event. Both outlive this.
  PowerCut(const MemoryDisk::Image& image, const std::vector<DiskEvent>& events);

  // The power fails before this event; points rise.
  void advance(std::size_t point);
  // One of the many states in which the disk may be found. Of the writes since a file's last sync a random choice is
  // there, some torn at sectors of 512 bytes and in another order; where one is missing its place may be there, with
  // zeros or rubbish. Of the names made or removed since the folder's last sync the first ones are.
  MemoryDisk::Image strike(std::mt19937_64& random) const;

 private:
  struct File {
    std::string synced{};
    std::vector<const DiskEvent*> since{};
  };
  void apply(const DiskEvent& event);
  static std::string survive(const File& file, std::mt19937_64& random);

  const std::vector<DiskEvent>& events_;
  std::size_t point_ = 0;
  std::map<int, File> files_{};
  std::map<std::string, int> names_{};           // synced
  std::vector<const DiskEvent*> names_since_{};  // created and removed
};

}  // namespace galley::test
