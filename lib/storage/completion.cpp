#include "storage/completion.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>
#include <utility>

namespace galley::storage {
namespace {

namespace asio = boost::asio;

template <class Handler>
class PostingCompletion final : public Completion {
 public:
  explicit PostingCompletion(Handler handler)
      : handler_(std::move(handler)),
        executor_(asio::get_associated_executor(handler_)),
        work_(asio::prefer(executor_, asio::execution::outstanding_work.tracked)) {}

  void complete(Result<void> outcome) override {
    // Posted, never called: a coroutine does not change its thread. The work goes along, so that it ends over there:
    // once the coroutine runs its context may end, and this thread must not touch it any more.
    auto resume = [handler = std::move(handler_), outcome = std::move(outcome), work = std::move(work_)]() mutable {
      std::move(handler)(std::move(outcome));
    };
    asio::post(executor_, std::move(resume));
  }

 private:
  Handler handler_;
  asio::any_io_executor executor_;
  asio::any_io_executor work_;  // keeps the context running
};

class BlockingCompletion final : public Completion {
 public:
  explicit BlockingCompletion(std::promise<Result<void>> promise) : promise_(std::move(promise)) {}
  void complete(Result<void> outcome) override { promise_.set_value(std::move(outcome)); }

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

}  // namespace galley::storage
