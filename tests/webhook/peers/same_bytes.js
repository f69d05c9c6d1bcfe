// One JSON text a line on standard input: prints how many of them are what JSON.stringify(JSON.parse(text)) gives,
// byte for byte, and shows the first that is not.
'use strict';
const lines = require('fs').readFileSync(0);
let start = 0;
let same = 0;
for (let end = lines.indexOf(10); end >= 0; start = end + 1, end = lines.indexOf(10, start)) {
  const bytes = lines.subarray(start, end);
  const again = Buffer.from(JSON.stringify(JSON.parse(bytes.toString('utf8'))), 'utf8');
  if (!again.equals(bytes)) {
    console.log('differs', bytes.toString('utf8').slice(0, 2000), again.toString('utf8').slice(0, 2000));
    process.exit(1);
  }
  same += 1;
}
console.log('same', same);
