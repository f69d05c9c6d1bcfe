#include "http/exchange.hpp"

#include "http/session.hpp"

namespace galley::http {

Task<Result<std::string_view>> Exchange::read_body(std::size_t limit) {
  return session_.read_body(limit);
}

Task<Result<void>> Exchange::begin_stream() {
  return session_.stream().begin();
}

Task<Result<void>> Exchange::write_chunk(std::string_view piece) {
  return session_.stream().write(piece);
}

Task<StreamEvent> Exchange::wait(Milliseconds at_most) {
  return session_.stream().wait(at_most);
}

void Exchange::wake() {
  session_.stream().wake();
}

Task<Result<void>> Exchange::end_stream() {
  return session_.stream().end();
}

bool Exchange::draining() const {
  return session_.draining();
}

}  // namespace galley::http
