// One {"secret","headers","body","sample","standard"} a line on standard input: each is verified as customers do, with the
// reference's sample receiver, standardwebhooks and svix; and must be refused when its body is changed.
'use strict';
const crypto = require('crypto');
const { Webhook: Standard } = require('standardwebhooks');
const { Webhook: Svix } = require('svix');

// From the reference, unchanged.
function verifyWebhookSignature(req, secret) {
  const signature = req.headers['x-icf-signature'];
  const hmac = crypto.createHmac('sha256', secret);
  const digest = hmac.update(JSON.stringify(req.body)).digest('hex');
  return crypto.timingSafeEqual(Buffer.from(signature), Buffer.from(digest));
}

function refuses(verify) {
  try {
    verify();
    return false;
  } catch (error) {
    return true;
  }
}

let verified = 0;
for (const line of require('fs').readFileSync(0, 'utf8').split('\n').filter(Boolean)) {
  const { secret, headers, body, sample, standard } = JSON.parse(line);
  const changed = body.replace(/.$/, ',"x":1}');
  if (verifyWebhookSignature({ headers, body: JSON.parse(body) }, secret) !== sample) throw new Error('sample receiver: ' + line);
  if (verifyWebhookSignature({ headers, body: JSON.parse(changed) }, secret)) throw new Error('sample receiver took a changed body');
  if (standard) {
    for (const Webhook of [Standard, Svix]) {
      new Webhook(secret).verify(body, headers);
      if (!refuses(() => new Webhook(secret).verify(changed, headers))) throw new Error('a changed body was taken');
    }
  } else if ('webhook-signature' in headers) {
    throw new Error('a secret of another form has no standard signature');
  }
  verified += 1;
}
console.log('verified', verified);
