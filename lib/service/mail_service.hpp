// Sends the mails that wait, one after the other, and tries again what the relay did not take.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "base/task.hpp"
#include "domain/mail.hpp"
#include "service/context.hpp"
#include "service/work_pool.hpp"

namespace galley::service {

struct MailPace {
  // Before the second try and those after it; the last one stands for all later ones.
  std::vector<Milliseconds> waits{std::chrono::seconds(15), std::chrono::minutes(1), std::chrono::minutes(5),
                                  std::chrono::minutes(15), std::chrono::hours(1)};
  // How long a try may take, the relay's own limit and some: one that was cut off by a crash is begun again after it.
  Milliseconds hold = std::chrono::minutes(2);
  Milliseconds longest_sleep = std::chrono::seconds(60);
  Milliseconds after_failure = std::chrono::seconds(5);
};

// At least once: where a crash comes between the relay's word and the note of it, the mail comes twice. Both links
// hold.
class MailService {
 public:
  // All outlive this. site: the address of this server as its users know it, without a slash at its end. executor: of
  // one thread, where run() is spawned.
  MailService(const Context& context, MailRelay& relay, std::string site, Log& log,
              boost::asio::any_io_executor executor, MailPace pace = {});

  // Sends until stop(). Once, on the executor.
  Task<void> run();
  // Sends one that is due; false where none is. For run(), and for tests.
  Task<Result<bool>> send_next();
  // Thread-safe; may be called before run(). A try under way is waited for.
  void stop();
  // Ends the thread that sends. Nothing may run meanwhile, or later.
  void stop_sending() { pool_.stop(); }

 private:
  struct Outgoing {
    Mail mail{};
    Letter letter{};
    Digest token{};
  };
  Result<std::optional<Outgoing>> take(Transaction& transaction) const;
  Result<void> sent(Transaction& transaction, const Outgoing& outgoing) const;
  Result<void> refused(Transaction& transaction, const Outgoing& outgoing, const Error& error) const;
  Result<void> give_up(Transaction& transaction, const Mail& mail, const std::string& reason) const;
  Milliseconds wait_after(int attempts) const;
  Result<Milliseconds> until_next() const;

  const Context& context_;
  MailRelay& relay_;
  const std::string site_;
  Log& log_;
  boost::asio::any_io_executor executor_;
  const MailPace pace_;
  bool stopping_ = false;  // on the executor alone
  WorkPool pool_{{.threads = 1, .waiting = 1}};
};

}  // namespace galley::service
