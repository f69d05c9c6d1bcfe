#include "service/change_wait.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace galley::service {

// Touched on the coroutine's own executor alone; committing threads post to it.
struct ChangeWait::Alarm {
  explicit Alarm(const boost::asio::any_io_executor& executor) : timer(executor) {}
  boost::asio::steady_timer timer;
  bool rung = false;
};

ChangeWait::ChangeWait(ChangeFeed& feed, std::string topic, boost::asio::any_io_executor executor)
    : alarm_(std::make_shared<Alarm>(executor)) {
  subscription_ = feed.subscribe(std::move(topic), [alarm = alarm_, executor] {
    boost::asio::post(executor, [alarm] {
      alarm->rung = true;
      alarm->timer.cancel();
    });
  });
}

ChangeWait::~ChangeWait() = default;

Task<void> ChangeWait::wait(Milliseconds at_most) {
  if (!alarm_->rung) {
    boost::system::error_code ignored;  // cancelled is how it is woken
    alarm_->timer.expires_after(at_most);
    co_await alarm_->timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
  }
  alarm_->rung = false;
}

}  // namespace galley::service
