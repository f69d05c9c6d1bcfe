// FullDisk: a store that takes so many writes and refuses those that follow, until it is relieved. It stands before a
// real one.
#pragma once

#include <functional>
#include <utility>

#include "domain/store.hpp"

namespace galley::test {

class FullDisk final : public Store {
 public:
  // real outlives this.
  FullDisk(Store& real, int takes) : real_(real), takes_(takes) {}

  int refused() const { return refused_; }
  void relieve() { full_ = false; }

  std::string_view backend() const override { return real_.backend(); }
  ChangeFeed& changes() override { return real_.changes(); }

 private:
  bool refuses() {
    if (!full_ || takes_-- > 0) return false;
    ++refused_;
    return true;
  }

  Task<Result<void>> run_write(std::function<Result<void>(Transaction&)> body) override {
    if (refuses()) co_return unavailable("The disk is full.");
    co_return co_await real_.write(std::move(body));
  }
  Task<Result<void>> run_write_together(std::function<Result<void>(Transaction&)> body) override {
    return run_write(std::move(body));
  }
  Result<void> run_write_and_wait(std::function<Result<void>(Transaction&)> body) override {
    if (refuses()) return unavailable("The disk is full.");
    return real_.write_and_wait(std::move(body));
  }
  Result<void> run_read(const std::function<Result<void>(const Transaction&)>& body) override {
    return real_.read([&](const Transaction& transaction) { return body(transaction); });
  }
  Task<Result<void>> run_read_slowly(std::function<Result<void>(const Transaction&)> body) override {
    co_return co_await real_.read_slowly(std::move(body));
  }

  Store& real_;
  int takes_;
  int refused_ = 0;
  bool full_ = true;
};

}  // namespace galley::test
