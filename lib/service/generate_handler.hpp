// Works off generation items: brief, writer, after-work, outcome.
#pragma once

#include <chrono>

#include "base/ids.hpp"
#include "domain/job.hpp"
#include "service/generation_service.hpp"
#include "service/publishing_service.hpp"

namespace galley::service {

class GenerateHandler final : public JobHandler {
 public:
  struct Limits {
    int in_flight = 8;
    int tries = 5;
    std::chrono::seconds hold = std::chrono::minutes(10);  // longer than any writer may take
  };

  GenerateHandler(const Context& context, const ArticleTransitions& transitions, const JobProgress& progress,
                  const PublishingService& publishing, const GeneratorTable& generators, Limits limits)
      : context_(context),
        transitions_(transitions),
        progress_(progress),
        publishing_(publishing),
        generators_(generators),
        limits_(limits) {}

  JobKind kind() const override { return JobKind::generate; }
  int limit() const override { return limits_.in_flight; }
  std::chrono::seconds hold() const override { return limits_.hold; }
  Task<Result<void>> run(JobItem item) override;

 private:
  struct Work {
    bool wanted = false;  // not cancelled or removed since
    GenerationBrief brief{};
  };
  Result<Work> begin(Transaction& transaction, const JobItem& item) const;
  Result<GenerationBrief> brief_of(const Transaction& transaction, const Project& project, const Article& article,
                                   const GenerationOptions& options) const;
  Result<void> succeed(Transaction& transaction, const JobItem& item, const GeneratedArticle& generated,
                       const Generator& generator) const;
  Result<void> fail(Transaction& transaction, JobItem item, const Error& error) const;

  const Context& context_;
  const ArticleTransitions& transitions_;
  const JobProgress& progress_;
  const PublishingService& publishing_;
  const GeneratorTable& generators_;
  Limits limits_;
};

}  // namespace galley::service
