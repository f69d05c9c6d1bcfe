#include "app/running_parts.hpp"

#include <boost/asio/co_spawn.hpp>

#include <new>

#include "base/out_of_memory.hpp"

namespace galley::app {

namespace {

// A part of the server ended as it must not; said without memory.
class PartFailed final : public std::exception {
 public:
  const char* what() const noexcept override { return "a part of the server failed, see its log"; }
};

Task<void> run_while_memory_is_short(std::function<Task<void>()> part) {
  for (;;) {
    try {
      co_await part();
      co_return;
    } catch (const std::bad_alloc&) {
      wait_for_memory();
    }
  }
}

}  // namespace

void RunningParts::stop_for(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& bug) {
    log_.write(LogLevel::error, "a part of the server failed", {{"cause", std::string_view(bug.what())}});
  }
  throw PartFailed();
}

void RunningParts::ended() {
  if (running_.fetch_sub(1) == 1) all_ended_();
}

void RunningParts::spawn(const boost::asio::any_io_executor& executor, std::function<Task<void>()> part) {
  add();
  boost::asio::co_spawn(executor, run_while_memory_is_short(std::move(part)), [this](const std::exception_ptr& failed) {
    if (failed) stop_for(failed);
    ended();
  });
}

}  // namespace galley::app
