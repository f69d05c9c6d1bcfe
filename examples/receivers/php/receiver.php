<?php
// A webhook receiver for Galley, without dependencies (PHP 8.0 or newer): one script for any PHP server, or by itself:
//   WEBHOOK_SECRET=whsec_… php -S 127.0.0.1:9000 receiver.php
// Put your own storing of the article where take() makes its answer.
declare(strict_types=1);

const TOLERANCE_SECONDS = 300; // between a message's timestamp and our clock
const MAX_BODY_BYTES = 10 * 1024 * 1024;

// X-iCF-Signature: over the body's very bytes, keyed with the secret as it was shown.
function signature_of(string $secret, string $body): string
{
    return hash_hmac('sha256', $body, $secret);
}

// One of webhook-signature (Standard Webhooks), for secrets of the form whsec_…
function standard_signature_of(string $secret, string $id, string $timestamp, string $body): string
{
    $key = base64_decode(substr($secret, strlen('whsec_')), true);
    return 'v1,' . base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", (string) $key, true));
}

function field(string $name): string
{
    return (string) ($_SERVER['HTTP_' . strtoupper(strtr($name, '-', '_'))] ?? '');
}

function is_genuine(string $secret, string $body): bool
{
    // hash_equals compares in constant time.
    if (!str_starts_with($secret, 'whsec_')) {
        return hash_equals(signature_of($secret, $body), field('X-iCF-Signature'));
    }
    // It covers the id and the timestamp too; while a secret is rotated there are two of them.
    $expected = standard_signature_of($secret, field('webhook-id'), field('webhook-timestamp'), $body);
    $holds = false;
    foreach (explode(' ', field('webhook-signature')) as $given) {
        $holds = hash_equals($expected, $given) || $holds;
    }
    return $holds;
}

function is_recent(): bool
{
    // Without webhook-signature nothing covers the time: then this guards against accidents alone.
    $text = field('webhook-timestamp') ?: field('X-iCF-Timestamp');
    return ctype_digit($text) && abs(time() - (int) $text) <= TOLERANCE_SECONDS;
}

// Whether this id is a new one. A file for each, which only one of several that come at once can make; those that the
// timestamp refuses by now are removed. A shop with a database would keep them there.
function remember(string $id): bool
{
    $folder = getenv('WEBHOOK_SEEN') ?: sys_get_temp_dir() . '/galley-webhooks-' . getmyuid();
    if (!is_dir($folder)) {
        @mkdir($folder, 0700, true);
    }
    if (random_int(0, 99) === 0) {
        foreach (new DirectoryIterator($folder) as $file) {
            if ($file->isFile() && $file->getMTime() < time() - 2 * TOLERANCE_SECONDS) {
                @unlink($file->getPathname());
            }
        }
    }
    $made = @fopen("$folder/" . hash('sha256', $id), 'x');
    if ($made === false && !file_exists("$folder/" . hash('sha256', $id))) {
        throw new RuntimeException("cannot write to $folder");
    }
    return $made !== false;
}

function take(string $id, array $message): array
{
    $article = $message['article'] ?? $message;
    $slug = (string) ($article['slug'] ?? $article['id'] ?? $id);
    $site = rtrim(getenv('SITE_URL') ?: 'https://example.com/blog', '/');
    // A CMS of your own stores the article here, where $id is a new one; the same slug again is an update. Galley keeps
    // "id" and "url" as the post's remote id and address.
    return ['id' => "post-$slug", 'url' => "$site/" . rawurlencode($slug)];
}

function answer(int $status, array $content, string $word): void
{
    http_response_code($status);
    header('Content-Type: application/json');
    echo json_encode($content, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
    if (PHP_SAPI === 'cli-server') {
        $line = implode(' ', [$status, field('X-iCF-Event') ?: '-', field('webhook-id') ?: '-', $word]);
        file_put_contents('php://stdout', "$line\n");
    }
}

function receive(): void
{
    $secret = (string) getenv('WEBHOOK_SECRET');
    // Without a secret anybody's request would be taken: there is no default.
    if ($secret === '') {
        answer(500, ['error' => 'WEBHOOK_SECRET is not set.'], 'refused');
        return;
    }
    if ($_SERVER['REQUEST_METHOD'] !== 'POST') {
        answer(405, ['error' => 'POST only.'], 'refused');
        return;
    }
    if ((int) ($_SERVER['CONTENT_LENGTH'] ?? 0) > MAX_BODY_BYTES) {
        answer(413, ['error' => 'The body is too large.'], 'refused');
        return;
    }
    $body = (string) file_get_contents('php://input', false, null, 0, MAX_BODY_BYTES + 1);
    if (!is_genuine($secret, $body)) {
        answer(401, ['error' => 'The signature does not hold.'], 'refused');
        return;
    }
    $id = field('webhook-id') ?: field('X-iCF-Delivery');
    if ($id === '') {
        answer(400, ['error' => 'There is no webhook-id.'], 'no id');
        return;
    }
    if (!is_recent()) {
        answer(400, ['error' => 'The timestamp is not within five minutes of now.'], 'stale');
        return;
    }
    $message = json_decode($body, true);
    if (!is_array($message)) {
        answer(400, ['error' => 'The body is not JSON.'], 'no JSON');
        return;
    }
    $new = remember($id);
    answer(200, take($id, $message), $new ? 'accepted' : 'repeated');
}

receive();
