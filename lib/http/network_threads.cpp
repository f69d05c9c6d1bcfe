#include "http/network_threads.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <mutex>
#include <new>
#include <thread>
#include <utility>

namespace galley::http {

struct NetworkThreads::Worker {
  // The hint 1 says that one thread runs it; posting from others stays allowed.
  boost::asio::io_context context{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{context.get_executor()};
};

NetworkThreads::NetworkThreads(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    workers_.push_back(std::make_unique<Worker>());
}

NetworkThreads::~NetworkThreads() = default;

std::size_t NetworkThreads::size() const {
  return workers_.size();
}

boost::asio::any_io_executor NetworkThreads::executor(std::size_t index) const {
  return workers_.at(index)->context.get_executor();
}

boost::asio::io_context& NetworkThreads::context(std::size_t index) const {
  return workers_.at(index)->context;
}

void NetworkThreads::post(std::size_t index, std::function<void()> work) const {
  boost::asio::post(context(index), std::move(work));
}

void NetworkThreads::run() {
  std::exception_ptr failure;
  std::mutex mutex;
  auto run_one = [&](Worker& worker) {
    for (bool ended = false; !ended;) {
      try {
        worker.context.run();
        ended = true;
      } catch (const std::bad_alloc&) {
        // That handler is lost, a connection's mostly; those of all others are not.
      } catch (...) {
        const std::lock_guard lock(mutex);
        failure = std::current_exception();
        ended = true;
        stop();
      }
    }
  };
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i < workers_.size(); ++i)
    threads.emplace_back([&run_one, &worker = *workers_[i]] { run_one(worker); });
  run_one(*workers_.front());
  threads.clear();  // joins
  if (failure) std::rethrow_exception(failure);
}

void NetworkThreads::stop() {
  for (const std::unique_ptr<Worker>& worker : workers_)
    worker->context.stop();
}

}  // namespace galley::http
