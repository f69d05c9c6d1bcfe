// The other side of P7: the same bytes to the same server over kept connections by Beast, and nothing else.
//   bare_webhook PORT HEAD_AND_BODY_FILE REQUESTS CONNECTIONS
// Prints {"requests", "seconds", "processor"}: processor is the process's time, in seconds.
#include <sys/resource.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

namespace {

using boost::asio::awaitable;
using boost::asio::use_awaitable;
using boost::asio::ip::tcp;

awaitable<void> send_all(std::uint16_t port, const std::string& request, long& left) {
  tcp::socket socket(co_await boost::asio::this_coro::executor);
  co_await socket.async_connect({boost::asio::ip::address_v4::loopback(), port}, use_awaitable);
  socket.set_option(tcp::no_delay(true));
  boost::beast::flat_buffer buffer;
  while (left > 0) {
    --left;
    co_await boost::asio::async_write(socket, boost::asio::buffer(request), use_awaitable);
    boost::beast::http::response<boost::beast::http::string_body> answer;
    co_await boost::beast::http::async_read(socket, buffer, answer, use_awaitable);
    if (answer.result_int() != 200) std::abort();
  }
}

double processor_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  const auto port = static_cast<std::uint16_t>(std::atoi(argv[1]));
  std::stringstream request;
  request << std::ifstream(argv[2], std::ios::binary).rdbuf();
  const std::string bytes = request.str();
  const long requests = std::atol(argv[3]);
  long left = requests;
  boost::asio::io_context context(1);
  for (int i = std::atoi(argv[4]); i > 0; --i)
    boost::asio::co_spawn(context, send_all(port, bytes, left), [](const std::exception_ptr& failed) {
      if (failed) std::rethrow_exception(failed);
    });
  const auto begun = std::chrono::steady_clock::now();
  context.run();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  std::printf(R"({"requests":%ld,"seconds":%f,"processor":%f})"
              "\n",
              requests, took.count(), processor_seconds());
}
