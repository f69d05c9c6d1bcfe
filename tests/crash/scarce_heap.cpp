// Linked with the program: SIGUSR2 turns a heap on, and off, that refuses one allocation of GALLEY_SCARCE at random.
// Only operator new: what C libraries allocate is theirs.
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <new>

namespace {

std::atomic<bool> is_scarce = false;
std::uint64_t one_of = 0;
std::atomic<std::uint64_t> seeds = 0;

static_assert(std::atomic<bool>::is_always_lock_free);  // within the signal's handler

std::uint64_t next_random() {
  thread_local std::uint64_t state =
      0x9e3779b97f4a7c15u *
      (++seeds + static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count()));
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

bool refuses() {
  return is_scarce.load(std::memory_order_relaxed) && next_random() % one_of == 0;
}

void* allocate(std::size_t size) noexcept {
  return refuses() ? nullptr : std::malloc(size == 0 ? 1 : size);
}

void* allocate(std::size_t size, std::align_val_t alignment) noexcept {
  const auto step = static_cast<std::size_t>(alignment);
  return refuses() ? nullptr : std::aligned_alloc(step, (size + step - 1) / step * step);
}

void* or_throw(void* memory) {
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

[[gnu::constructor]] void install() {
  const char* text = std::getenv("GALLEY_SCARCE");
  if (text == nullptr) return;
  one_of = std::strtoull(text, nullptr, 10);
  if (one_of == 0) std::abort();
  std::signal(SIGUSR2, [](int) { is_scarce = !is_scarce; });
}

}  // namespace

void* operator new(std::size_t size) {
  return or_throw(allocate(size));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return or_throw(allocate(size, alignment));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return allocate(size);
}
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return allocate(size, alignment);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}
