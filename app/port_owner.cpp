#include "app/port_owner.hpp"

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

namespace galley::app {

namespace {

// proc_pid_net(5): "0: 0100007F:1F90 00000000:0000 0A …", in which 0A is LISTEN and the tenth word the socket's inode.
void add_listening(const char* table, std::uint16_t port, std::set<std::string>& sockets) {
  std::ifstream file(table);
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream words(line);
    std::string number, local, remote, state, word, inode;
    words >> number >> local >> remote >> state;
    for (int skipped = 0; skipped < 5; ++skipped)
      words >> word;
    words >> inode;
    const std::size_t colon = local.rfind(':');
    if (!words || state != "0A" || colon == std::string::npos) continue;
    if (std::stoul(local.substr(colon + 1), nullptr, 16) == port) sockets.insert("socket:[" + inode + "]");
  }
}

}  // namespace

bool listens_on(long process, std::uint16_t port) {
  std::set<std::string> sockets;
  add_listening("/proc/net/tcp", port, sockets);
  add_listening("/proc/net/tcp6", port, sockets);
  std::error_code problem;
  const std::filesystem::path open_files = "/proc/" + std::to_string(process) + "/fd";
  for (std::filesystem::directory_iterator file(open_files, problem), end; !problem && file != end;
       file.increment(problem)) {
    std::error_code unreadable;
    if (sockets.contains(std::filesystem::read_symlink(file->path(), unreadable).string())) return true;
  }
  return false;
}

}  // namespace galley::app
