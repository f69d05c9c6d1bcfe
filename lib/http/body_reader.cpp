#include "http/body_reader.hpp"

#include <algorithm>
#include <utility>

#include "http/chunk_decoder.hpp"

namespace galley::http {
namespace {

// What an announced length alone makes us allocate; more comes as bytes arrive.
constexpr std::size_t first_piece = 64 * 1024;
// A buffer that one large body made is not kept for the connection's life.
constexpr std::size_t kept_buffer = 16 * 1024;
constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

void BodyReader::begin(const Request& request) {
  state_ = request.has_body() ? State::unread : State::complete;
  body_ = {};
  if (state_ == State::complete) return;
  length_ = static_cast<std::size_t>(request.content_length.value_or(0));
  chunked_ = request.chunked;
  expects_continue_ = request.expects_continue;
  begin_ = lane_.now();
  arrived_ = 0;
  error_.reset();
  if (bytes_.capacity() > kept_buffer) bytes_ = std::string();
  bytes_.clear();
}

Error BodyReader::fail(ErrorCode code, std::string_view message) {
  state_ = State::failed;
  error_ = Error{code, std::string(message)};
  return *error_;
}

Error BodyReader::fail_after_receive() {
  if (!connection_.expired())
    return fail(ErrorCode::bad_request, "The connection closed before the whole body had arrived.");
  lane_.counts.slow_bodies_cut.add();
  return fail(ErrorCode::timed_out, "The request body arrived too slowly.");
}

Task<std::size_t> BodyReader::receive(char* to, std::size_t room) {
  connection_.keep_pace(begin_, lane_.limits.body_grace, arrived_);
  const std::size_t count = co_await connection_.receive(to, room);
  lane_.counts.bytes_received.add(count);
  arrived_ += count;
  if (count != 0) connection_.lift_limit();
  co_return count;
}

Task<Result<std::string_view>> BodyReader::read(std::size_t limit) {
  if (state_ == State::complete) co_return body_;
  if (state_ == State::failed) co_return *error_;
  if (length_ > limit) {
    Error error = fail(ErrorCode::payload_too_large, "The request body is too large.");
    error.details.push_back({"limit", static_cast<std::int64_t>(limit)});
    error_ = error;
    co_return error;
  }
  // RFC 9110 §10.1.1: no 100 where a part of the body is here already.
  if (std::exchange(expects_continue_, false) && input_.empty()) {
    bool sent = connection_.send(go_on);
    if (!sent) sent = co_await connection_.send_rest();
    if (!sent) co_return fail(ErrorCode::bad_request, "The connection closed before the body.");
  }
  begin_ = lane_.now();
  Result<std::string_view> result = std::string_view();
  if (chunked_)
    result = co_await read_chunks(limit);
  else
    result = co_await read_plain();
  if (result.has_value()) {
    state_ = State::complete;
    body_ = *result;
  }
  co_return result;
}

Task<Result<std::string_view>> BodyReader::read_plain() {
  const std::string_view here = input_.unread().substr(0, length_);
  input_.consume(here.size());
  if (here.size() == length_) co_return here;
  bytes_ = here;
  std::size_t filled = bytes_.size();
  while (filled < length_) {
    if (filled == bytes_.size()) bytes_.resize(std::min(length_, std::max(filled * 2, first_piece)));
    // Never beyond the body: what follows it belongs into the input buffer.
    const std::size_t count = co_await receive(bytes_.data() + filled, bytes_.size() - filled);
    if (count == 0) co_return fail_after_receive();
    filled += count;
  }
  co_return bytes_;
}

Task<Result<std::string_view>> BodyReader::read_chunks(std::size_t limit) {
  ChunkDecoder decoder(limit);
  while (true) {
    std::string_view coded = input_.unread();
    const ChunkDecoder::State state = decoder.feed(coded, bytes_);
    input_.consume(input_.unread().size() - coded.size());
    switch (state) {
      case ChunkDecoder::State::complete:
        co_return bytes_;
      case ChunkDecoder::State::malformed:
        co_return fail(ErrorCode::bad_request, "The chunks of the request body are malformed.");
      case ChunkDecoder::State::too_large: {
        Error error = fail(ErrorCode::payload_too_large, "The request body is too large.");
        error.details.push_back({"limit", static_cast<std::int64_t>(limit)});
        error_ = error;
        co_return error;
      }
      case ChunkDecoder::State::incomplete:
        break;
    }
    input_.make_room(1);
    const std::size_t count = co_await receive(input_.room(), input_.room_size());
    if (count == 0) co_return fail_after_receive();
    input_.received(count);
  }
}

bool BodyReader::droppable() const {
  return state_ == State::complete ||
         (state_ == State::unread && !chunked_ && !expects_continue_ && length_ <= lane_.limits.unread_body);
}

Task<bool> BodyReader::drop() {
  begin_ = lane_.now();
  std::size_t left = length_;
  while (true) {
    const std::size_t here = std::min(left, input_.unread().size());
    input_.consume(here);
    left -= here;
    if (left == 0) break;
    input_.discard();
    input_.make_room(1);
    const std::size_t count = co_await receive(input_.room(), input_.room_size());
    if (count == 0) co_return false;
    input_.received(count);
  }
  state_ = State::complete;
  co_return true;
}

}  // namespace galley::http
