// Whether a process listens on a TCP port, from /proc.
#pragma once

#include <cstdint>

namespace galley::app {

// False where it does not, and where this user may not see it.
bool listens_on(long process, std::uint16_t port);

}  // namespace galley::app
