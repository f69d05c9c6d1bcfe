// Listening sockets: bound here, or inherited from systemd.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace galley::http {

struct ListenAddress {
  std::string host;        // "127.0.0.1", "::1", "0.0.0.0", "::": a numeric address
  std::uint16_t port = 0;  // 0: any free one
};

// A listening, non-blocking TCP socket. Owns its descriptor.
class Listener {
 public:
  // Errors name the address: unavailable where the port is in use, invalid where the host is no address, internal else.
  static Result<Listener> bind(const ListenAddress& address);
  // Takes over a descriptor that listens already. internal where it does not.
  static Result<Listener> adopt(int descriptor);

  ~Listener();
  Listener(Listener&& other) noexcept;
  Listener& operator=(Listener&& other) noexcept;

  int descriptor() const { return descriptor_; }
  // The real port, also when 0 was asked for.
  const ListenAddress& local() const { return local_; }
  // Whoever handed it over holds it too: it lives on when this process has closed it.
  bool inherited() const { return inherited_; }
  // Gives the descriptor away.
  int release();

 private:
  Listener(int descriptor, ListenAddress local);
  int descriptor_;
  ListenAddress local_;
  bool inherited_ = false;
};

// The descriptors that systemd handed to this process (sd_listen_fds(3): LISTEN_PID, LISTEN_FDS, from 3 on); empty
// where it handed none. They are marked close-on-exec. The environment is left as it is.
std::vector<int> inherited_descriptors();

// "127.0.0.1:8080", "[::1]:8080"
std::string to_text(const ListenAddress& address);

}  // namespace galley::http
