#include "app/connection_limits.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <system_error>

namespace galley::app {
namespace {

constexpr std::size_t least_connections = 8;
// The database and its log.
constexpr std::size_t files_of_a_reader = 2;
constexpr std::size_t slow_readers = 4;

}  // namespace

http::Limits connection_limits(std::size_t threads) {
  http::Limits limits;
  rlimit descriptors{};
  if (::getrlimit(RLIMIT_NOFILE, &descriptors) != 0 || descriptors.rlim_cur == RLIM_INFINITY) return limits;
  std::error_code problem;
  const auto open = std::distance(std::filesystem::directory_iterator("/proc/self/fd", problem),
                                  std::filesystem::directory_iterator());
  const std::size_t taken = static_cast<std::size_t>(open) + files_of_a_reader * (threads + slow_readers);
  const std::size_t free = descriptors.rlim_cur > taken ? descriptors.rlim_cur - taken : 0;
  limits.connections = std::min(limits.connections, std::max<std::size_t>(least_connections, free - free / 4));
  return limits;
}

}  // namespace galley::app
