#include "base/completion.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>
#include <new>
#include <utility>

namespace galley {
namespace {

namespace asio = boost::asio;

template <class Handler>
class PostingCompletion final : public Completion {
 public:
  explicit PostingCompletion(Handler handler) : waiting_(std::make_shared<Waiting>(std::move(handler))) {}

  void complete(Result<void> outcome) noexcept override {
    waiting_->outcome = std::move(outcome);
    // Posted, never called: a coroutine does not change its thread. The work goes along, so that it ends over there:
    // once the coroutine runs its context may end, and this thread must not touch it any more.
    auto resume = [waiting = waiting_] {
      const asio::any_io_executor work = std::move(waiting->work);
      Handler handler = std::move(waiting->handler);
      Result<void> told = std::move(waiting->outcome);
      std::move(handler)(std::move(told));
    };
    const asio::any_io_executor executor = waiting_->executor;
    while (!posted(executor, resume))
      wait_for_memory();
  }

 private:
  struct Waiting {
    explicit Waiting(Handler given)
        : handler(std::move(given)),
          executor(asio::get_associated_executor(handler)),
          work(asio::prefer(executor, asio::execution::outstanding_work.tracked)) {}
    Handler handler;
    asio::any_io_executor executor;
    asio::any_io_executor work;  // keeps the context running
    Result<void> outcome{};
  };

  template <class Resume>
  static bool posted(const asio::any_io_executor& executor, const Resume& resume) {
    try {
      asio::post(executor, resume);
      return true;
    } catch (const std::bad_alloc&) {
      return false;
    }
  }

  // Shared with what is posted: whoever waits must not be lost with a post that failed. Emptied over there.
  std::shared_ptr<Waiting> waiting_;
};

class BlockingCompletion final : public Completion {
 public:
  explicit BlockingCompletion(std::promise<Result<void>> promise) : promise_(std::move(promise)) {}
  void complete(Result<void> outcome) noexcept override { promise_.set_value(std::move(outcome)); }

 private:
  std::promise<Result<void>> promise_;
};

}  // namespace

Task<Result<void>> await_completion(std::function<void(std::unique_ptr<Completion>)> submit) {
  auto initiation = [&submit](auto handler) {
    using Handler = decltype(handler);
    submit(std::make_unique<PostingCompletion<Handler>>(std::move(handler)));
  };
  Result<void> outcome =
      co_await asio::async_initiate<const asio::use_awaitable_t<>, void(Result<void>)>(initiation, asio::use_awaitable);
  co_return outcome;
}

Result<void> wait_for_completion(const std::function<void(std::unique_ptr<Completion>)>& submit) {
  std::promise<Result<void>> promise;
  std::future<Result<void>> outcome = promise.get_future();
  submit(std::make_unique<BlockingCompletion>(std::move(promise)));
  return outcome.get();
}

}  // namespace galley
