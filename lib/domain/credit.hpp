// Credits: a ledger that is only ever appended to, and the log of what they were used for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/names.hpp"
#include "domain/identity.hpp"
#include "domain/page.hpp"

namespace galley {

enum class CreditKind : std::uint8_t { renewal, charge, refund };
enum class CreditOperation : std::uint8_t { clustering, ideas, content_generation, image_generation };

template <>
struct Names<CreditKind> {
  static constexpr NameOf<CreditKind> all[] = {
      {CreditKind::renewal, "renewal"}, {CreditKind::charge, "charge"}, {CreditKind::refund, "refund"}};
};
template <>
struct Names<CreditOperation> {
  static constexpr NameOf<CreditOperation> all[] = {{CreditOperation::clustering, "clustering"},
                                                    {CreditOperation::ideas, "ideas"},
                                                    {CreditOperation::content_generation, "content_generation"},
                                                    {CreditOperation::image_generation, "image_generation"}};
};

// A line of the ledger. The balance of an account is that of its newest line.
struct CreditEntry {
  std::int64_t number = 0;  // given by the store; rises
  AccountId account;
  CreditKind kind = CreditKind::charge;
  std::optional<CreditOperation> operation{};  // nothing for a renewal
  std::int64_t amount = 0;                     // what it adds; negative for a charge
  std::int64_t balance = 0;                    // after it; given by the store
  std::string reference{};                     // id of the job or article that it is for
  std::string note{};                          // for people
  Time created_at{};
};

// Work that was done and paid for.
struct CreditUse {
  std::int64_t number = 0;  // given by the store; rises
  AccountId account;
  std::optional<ProjectId> project{};
  CreditOperation operation = CreditOperation::content_generation;
  std::string model;  // who did it: a provider's name, with its model's where it has several
  std::int64_t credits = 0;
  std::int64_t cost = 0;  // what it cost the operator, in millionths of a US dollar
  std::int64_t input_tokens = 0;
  std::int64_t output_tokens = 0;
  std::string reference{};  // id of the job or article
  Time created_at{};
};

// Uses of one day (UTC), operation and model together.
struct CreditUseSum {
  std::string day;  // "2026-11-26"
  CreditOperation operation = CreditOperation::content_generation;
  std::string model;
  std::int64_t uses = 0;
  std::int64_t credits = 0;
  std::int64_t cost = 0;
};

class Credits {
 public:
  virtual ~Credits() = default;

  // Nothing for an account that never had any.
  virtual Result<std::optional<CreditEntry>> newest(const AccountId& account) const = 0;
  virtual Result<std::optional<Time>> last_renewal(const AccountId& account) const = 0;
  // Newest first.
  virtual Result<Counted<CreditEntry>> entries(const AccountId& account, const std::optional<CreditKind>& kind,
                                               const NumberedPage& page) const = 0;
  // What charges took, less what refunds gave back, since then.
  virtual Result<std::int64_t> used_since(const AccountId& account, Time since) const = 0;
  // Gives number and balance.
  virtual Result<CreditEntry> append(CreditEntry entry) = 0;

  virtual Result<void> log(const CreditUse& use) = 0;
  // Newest first.
  virtual Result<Counted<CreditUse>> uses(const AccountId& account, const std::optional<CreditOperation>& operation,
                                          const NumberedPage& page) const = 0;
  // From the first day on and before the last; by day, then operation, then model.
  virtual Result<std::vector<CreditUseSum>> sums(const AccountId& account, Time from, Time until) const = 0;
};

}  // namespace galley
