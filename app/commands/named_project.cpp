#include "app/commands/named_project.hpp"

namespace galley::app {

Result<std::optional<Project>> find_project(Backend& backend, const AccountId& account, const std::string& named) {
  return backend.store->read([&](const Transaction& transaction) -> Result<std::optional<Project>> {
    PageRequest page{.size = PageRequest::max_size};
    for (;;) {
      const Page<Project> projects = GALLEY_TRY(transaction.projects().list(account, page, std::nullopt));
      for (const Project& project : projects.rows)
        if (project.name == named || project.id.text() == named) return std::optional<Project>(project);
      if (!projects.next) return std::optional<Project>();
      page.after = projects.next;
    }
  });
}

}  // namespace galley::app
