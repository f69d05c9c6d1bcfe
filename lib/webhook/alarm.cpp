#include "webhook/alarm.hpp"

#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace galley::webhook {

struct Alarm::Bell {
  explicit Bell(boost::asio::any_io_executor executor) : timer(std::move(executor)) {}

  boost::asio::steady_timer timer;
  bool rung = false;  // on the executor alone
  std::atomic<bool> on_its_way{false};
};

Alarm::Alarm(boost::asio::any_io_executor executor) : bell_(std::make_shared<Bell>(std::move(executor))) {}

void Alarm::ring() const {
  if (bell_->on_its_way.exchange(true)) return;
  boost::asio::post(bell_->timer.get_executor(), [bell = bell_] {
    bell->on_its_way = false;
    bell->rung = true;
    bell->timer.cancel();
  });
}

Task<> Alarm::sleep(std::chrono::milliseconds longest) {
  const std::shared_ptr<Bell> bell = bell_;
  if (!bell->rung) {
    bell->timer.expires_after(longest);
    co_await bell->timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  }
  bell->rung = false;
}

}  // namespace galley::webhook
