#include "support/scarce_memory.hpp"

#include <sqlite3.h>

#include <atomic>
#include <stdexcept>

namespace galley::test {
namespace {

sqlite3_mem_methods plenty{};
std::atomic<int> count = 0;
std::atomic<int> failing_from = 0;  // 0: never
std::atomic<bool> failing_on = false;
std::atomic<bool> has_struck = false;

bool refuse() {
  const int number = ++count;
  const int from = failing_from;
  if (from == 0 || number < from || (number > from && !failing_on)) return false;
  has_struck = true;
  return true;
}

void* allocate(int size) {
  return refuse() ? nullptr : plenty.xMalloc(size);
}
void* resize(void* memory, int size) {
  return refuse() ? nullptr : plenty.xRealloc(memory, size);
}

}  // namespace

void ScarceMemory::install() {
  sqlite3_shutdown();
  if (plenty.xMalloc != nullptr) return;
  sqlite3_config(SQLITE_CONFIG_GETMALLOC, &plenty);
  sqlite3_mem_methods scarce = plenty;
  scarce.xMalloc = &allocate;
  scarce.xRealloc = &resize;
  if (sqlite3_config(SQLITE_CONFIG_MALLOC, &scarce) != SQLITE_OK || sqlite3_initialize() != SQLITE_OK)
    throw std::runtime_error("SQLite takes no allocator");
}

void ScarceMemory::fail(int nth, bool lasts) {
  count = 0;
  has_struck = false;
  failing_on = lasts;
  failing_from = nth;
}

void ScarceMemory::heal() {
  failing_from = 0;
}

bool ScarceMemory::struck() {
  return has_struck;
}

int ScarceMemory::allocations() {
  return count;
}

}  // namespace galley::test
