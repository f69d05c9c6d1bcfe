#include "base/asio_memory.hpp"

#include <array>
#include <atomic>
#include <cstdlib>

#include "base/out_of_memory.hpp"

namespace galley {

namespace {

// Above what malloc keeps for a thread alone, so that what is freed can be had by others, and so large that many
// operations fit in before somebody else's small things do. Pages that nobody wrote to take no memory.
constexpr std::size_t block_size = std::size_t{64} << 10;
constexpr std::size_t blocks = 64;
// How often it is waited for somebody to free something, ten milliseconds each.
constexpr int waits = 200;
// A block that was given away is taken back when so many allocations went well.
constexpr unsigned calm = 4096;

std::array<std::atomic<void*>, blocks> aside{};
std::atomic<unsigned> given{0};
std::atomic<unsigned> successes{0};

bool give_block() {
  for (std::atomic<void*>& block : aside) {
    void* memory = block.exchange(nullptr);
    if (memory == nullptr) continue;
    std::free(memory);
    ++given;
    return true;
  }
  return false;
}

void take_block_back() {
  void* memory = std::malloc(block_size);
  if (memory == nullptr) return;
  for (std::atomic<void*>& block : aside) {
    void* none = nullptr;
    if (!block.compare_exchange_strong(none, memory)) continue;
    --given;
    return;
  }
  std::free(memory);
}

[[maybe_unused]] void* allocate_for_asio(std::size_t alignment, std::size_t size) noexcept {
  for (int wait = 0;;) {
    void* memory = nullptr;
    if (posix_memalign(&memory, alignment, size) == 0) {
      if (given.load(std::memory_order_relaxed) != 0 && successes.fetch_add(1) % calm == calm - 1) take_block_back();
      return memory;
    }
    if (give_block()) continue;
    if (++wait > waits) return nullptr;
    wait_for_memory();
  }
}

}  // namespace

void set_memory_for_asio_aside() {
  for (std::atomic<void*>& block : aside)
    if (block.load() == nullptr) block = std::malloc(block_size);
}

}  // namespace galley

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define GALLEY_SANITIZED 1
#endif
#endif

#ifndef GALLEY_SANITIZED
// Declared by <cstdlib>.
extern "C" void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  return galley::allocate_for_asio(alignment, size);
}
#endif
