// The use cases of the planner and writer API that work on what the others keep, and the handler of their jobs.
#pragma once

#include "service/billing_service.hpp"
#include "service/cluster_handler.hpp"
#include "service/clustering_service.hpp"
#include "service/content_service.hpp"
#include "service/idea_service.hpp"
#include "service/preference_service.hpp"
#include "service/status_service.hpp"
#include "service/task_service.hpp"

namespace galley::service {

struct Planning {
  // All outlive this.
  Planning(const Context& context, const EventRecorder& events, const JobProgress& progress, const JobService& jobs,
           const GenerationService& generation, const ArticleService& articles, const PublishingService& publishing,
           const Clusterer& clusterer, const IdeaWriter& idea_writer)
      : clustering(context, events, progress, clusterer),
        ideas(context, idea_writer),
        tasks(context, generation),
        content(context, articles, publishing),
        billing(context),
        preferences(context),
        status(context, jobs),
        handler(context, progress, clustering) {}

  ClusteringService clustering;
  IdeaService ideas;
  TaskService tasks;
  ContentService content;
  BillingService billing;
  PreferenceService preferences;
  StatusService status;
  ClusterHandler handler;  // of clustering jobs; stopped before what its coroutines run on goes
};

}  // namespace galley::service
