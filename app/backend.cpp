#include "app/backend.hpp"

#include "storage/data_folder.hpp"
#include "storage/key_file.hpp"

namespace galley::app {

Backend::Backend(const Config& config, std::unique_ptr<storage::SqliteStore> opened)
    : site(config.public_url.empty() ? "http://" + http::to_text(config.listen) : config.public_url),
      plans(config.plans),
      key_origin(config.secret_key ? storage::KeyOrigin::given : storage::KeyOrigin::file),
      store(std::move(opened)) {}

Result<std::unique_ptr<Backend>> Backend::open(const Config& config) {
  GALLEY_TRY(storage::make_data_folder(config.data));
  KeyRing keys = GALLEY_TRY(storage::load_key_ring(config.data, config.secret_key));
  std::unique_ptr<storage::SqliteStore> store =
      GALLEY_TRY(storage::SqliteStore::open(config.data, std::move(keys), SystemClock().now()));
  return std::make_unique<Backend>(config, std::move(store));
}

}  // namespace galley::app
