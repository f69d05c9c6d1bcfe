#include "app/backend.hpp"

#include "storage/data_folder.hpp"

namespace galley::app {

Backend::Backend(const Config& config, std::unique_ptr<storage::SqliteStore> opened)
    : plans(config.plans), store(std::move(opened)) {}

Result<std::unique_ptr<Backend>> Backend::open(const Config& config) {
  GALLEY_TRY(storage::make_data_folder(config.data));
  SealingKey key = GALLEY_TRY(storage::load_sealing_key(config.data, config.secret_key));
  std::unique_ptr<storage::SqliteStore> store =
      GALLEY_TRY(storage::SqliteStore::open(config.data, std::move(key), SystemClock().now()));
  return std::make_unique<Backend>(config, std::move(store));
}

}  // namespace galley::app
