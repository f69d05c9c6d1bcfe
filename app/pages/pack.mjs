// Writes the pages that the program serves into a C++ source: node pack.mjs FOLDER
// FOLDER then has embedded_files.bin, every file gzipped, one behind the other, and embedded_files.cpp, the table of
// them. The same packages give the same bytes.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, 'node_modules');

function fail(message) {
  console.error(`pages: ${message}`);
  process.exit(1);
}

function checkPackages() {
  const wanted = JSON.parse(readFileSync(join(here, 'package.json'))).dependencies;
  for (const [name, version] of Object.entries(wanted)) {
    const file = join(modules, name, 'package.json');
    const found = existsSync(file) ? JSON.parse(readFileSync(file)).version : 'missing';
    if (found !== version) fail(`${name} is ${found}, not ${version}: run "npm ci" there, or app/run`);
  }
}

// ReDoc has no setting against fetching its logo from a server of its makers; without one it shows its name alone.
function redocWithoutLogo() {
  const logo = 'https://cdn.redoc.ly/redoc/logo-mini.svg';
  const parts = readFileSync(join(modules, 'redoc/bundles/redoc.standalone.js'), 'utf8').split(logo);
  if (parts.length !== 2) fail('the address of ReDoc\'s logo is not where it was: look what else it fetches');
  return Buffer.from(parts.join('data:,'));
}

function packageFolders(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.name.startsWith('@')) return packageFolders(path);
      const nested = join(path, 'node_modules');
      return [path, ...(existsSync(nested) ? packageFolders(nested) : [])];
    });
}

// Of the packages and of all that they depend on, and what the packages say of what else is in their bundles.
function licenses() {
  const texts = new Map();
  for (const folder of packageFolders(modules)) {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json')));
    const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file)).sort();
    const text = files.map((file) => readFileSync(join(folder, file), 'utf8').trim()).join('\n\n');
    texts.set(`${name} ${version}`, text || `Licence: ${license}`);
  }
  for (const notice of ['swagger-ui-dist/swagger-ui-bundle.js', 'redoc/bundles/redoc.standalone.js'])
    texts.set(notice, readFileSync(join(modules, `${notice}.LICENSE.txt`), 'utf8').trim());
  const line = '='.repeat(78);
  const parts = [...texts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, text]) => `${line}\n${name}\n${line}\n\n${text}\n`);
  return Buffer.from(`The documentation pages of Galley show its API with Swagger UI and ReDoc. These are the licences
of both and of what they are built from. ReDoc is changed in one place: it does not fetch its makers' logo.\n\n${parts.join('\n')}`);
}

function cppSource(rows, blob) {
  return `// Made by app/pages/pack.mjs.
#include "api/pages/page_files.hpp"

// By the assembler: as an array, these bytes would take the compiler longer than the rest of the module.
asm(R"(
.pushsection .rodata
galley_documentation_pages:
.incbin "${blob}"
.popsection
)");

extern "C" const char galley_documentation_pages[];

namespace galley::api::pages {

std::span<const EmbeddedFile> embedded_files() {
  static const EmbeddedFile all[] = {
${rows.join('\n')}
  };
  return all;
}

}  // namespace galley::api::pages
`;
}

function main(folder) {
  checkPackages();
  const own = (name) => readFileSync(join(here, name));
  const swagger = (name) => readFileSync(join(modules, 'swagger-ui-dist', name));
  const files = [
    ['/api/docs/', own('docs.html')],
    ['/api/docs/docs.js', own('docs.js')],
    ['/api/docs/favicon.png', swagger('favicon-32x32.png')],
    ['/api/docs/licenses.txt', licenses()],
    ['/api/docs/page.css', own('page.css')],
    ['/api/docs/swagger-ui-bundle.js', swagger('swagger-ui-bundle.js')],
    ['/api/docs/swagger-ui.css', swagger('swagger-ui.css')],
    ['/api/redoc/', own('redoc.html')],
    ['/api/redoc/redoc.js', own('redoc.js')],
    ['/api/redoc/redoc.standalone.js', redocWithoutLogo()],
    ['/password/', own('password.html')],
    ['/password/password.css', own('password.css')],
    ['/password/password.js', own('password.js')],
  ];
  const packed = files.map(([, bytes]) => gzipSync(bytes, { level: 9 }));
  let offset = 0;
  const rows = files.map(([path, bytes], i) => {
    const row = `      {"${path}", {galley_documentation_pages + ${offset}, ${packed[i].length}}, ${bytes.length}},`;
    offset += packed[i].length;
    return row;
  });
  const blob = resolve(folder, 'embedded_files.bin');
  writeFileSync(blob, Buffer.concat(packed));
  writeFileSync(join(folder, 'embedded_files.cpp'), cppSource(rows, blob));
}

if (process.argv.length !== 3) fail('pack.mjs wants the folder to write to');
main(process.argv[2]);
