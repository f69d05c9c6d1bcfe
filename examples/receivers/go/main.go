// A webhook receiver for Galley, without dependencies (Go 1.19 or newer).
//
//	WEBHOOK_SECRET=whsec_… go run . -port 9000
//
// Put your own storing of the article where take makes its answer.
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	tolerance     = 5 * time.Minute // between a message's timestamp and our clock
	maxRemembered = 100_000         // ids; an older one is refused by its timestamp anyway
	maxBodyBytes  = 10 * 1024 * 1024
)

func mac(key, content []byte) []byte {
	hash := hmac.New(sha256.New, key)
	hash.Write(content)
	return hash.Sum(nil)
}

// signatureOf makes X-iCF-Signature: over the body's very bytes, keyed with the secret as it was shown.
func signatureOf(secret string, body []byte) string {
	return hex.EncodeToString(mac([]byte(secret), body))
}

// standardSignatureOf makes one of webhook-signature (Standard Webhooks), for secrets of the form whsec_…
func standardSignatureOf(secret, id, timestamp string, body []byte) string {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		return ""
	}
	content := append([]byte(id+"."+timestamp+"."), body...)
	return "v1," + base64.StdEncoding.EncodeToString(mac(key, content))
}

// same compares in constant time. What could not be made is the same as nothing.
func same(given, expected string) bool {
	return expected != "" && hmac.Equal([]byte(given), []byte(expected))
}

func isGenuine(secret string, headers http.Header, body []byte) bool {
	if !strings.HasPrefix(secret, "whsec_") {
		return same(headers.Get("X-iCF-Signature"), signatureOf(secret, body))
	}
	// It covers the id and the timestamp too; while a secret is rotated there are two of them.
	expected := standardSignatureOf(secret, headers.Get("webhook-id"), headers.Get("webhook-timestamp"), body)
	holds := false
	for _, given := range strings.Split(headers.Get("webhook-signature"), " ") {
		holds = same(given, expected) || holds
	}
	return holds
}

func isRecent(headers http.Header) bool {
	// Without webhook-signature nothing covers the time: then this guards against accidents alone.
	text := headers.Get("webhook-timestamp")
	if text == "" {
		text = headers.Get("X-iCF-Timestamp")
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	return err == nil && time.Since(time.Unix(seconds, 0)).Abs() <= tolerance
}

type answer struct {
	ID  string `json:"id"`
	URL string `json:"url"`
}

type receiver struct {
	secret  string
	siteURL string
	mutex   sync.Mutex
	seen    map[string]answer // by webhook-id
	order   []string          // of the ids, oldest first
}

// take gives the answer, and whether the message is a new one: it may come twice, under the same id.
func (r *receiver) take(id string, message map[string]any) (answer, bool) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if known, found := r.seen[id]; found {
		return known, false
	}
	article, nested := message["article"].(map[string]any)
	if !nested {
		article = message
	}
	slug := id
	for _, name := range []string{"id", "slug"} {
		if text, found := article[name].(string); found && text != "" {
			slug = text
		}
	}
	// A CMS of your own stores the article here; the same slug again is an update. Galley keeps "id" and "url" as the
	// post's remote id and address.
	made := answer{ID: "post-" + slug, URL: r.siteURL + "/" + url.PathEscape(slug)}
	r.seen[id] = made
	r.order = append(r.order, id)
	if len(r.order) > maxRemembered {
		delete(r.seen, r.order[0])
		r.order = r.order[1:]
	}
	return made, true
}

// judge gives the status, what to answer, and a word for the log.
func (r *receiver) judge(request *http.Request, body []byte) (int, any, string) {
	refusal := func(text string) map[string]string { return map[string]string{"error": text} }
	if !isGenuine(r.secret, request.Header, body) {
		return http.StatusUnauthorized, refusal("The signature does not hold."), "refused"
	}
	id := request.Header.Get("webhook-id")
	if id == "" {
		id = request.Header.Get("X-iCF-Delivery")
	}
	if id == "" {
		return http.StatusBadRequest, refusal("There is no webhook-id."), "no id"
	}
	if !isRecent(request.Header) {
		return http.StatusBadRequest, refusal("The timestamp is not within five minutes of now."), "stale"
	}
	var message map[string]any
	if json.Unmarshal(body, &message) != nil {
		return http.StatusBadRequest, refusal("The body is not JSON."), "no JSON"
	}
	content, isNew := r.take(id, message)
	if isNew {
		return http.StatusOK, content, "accepted"
	}
	return http.StatusOK, content, "repeated"
}

func (r *receiver) ServeHTTP(writer http.ResponseWriter, request *http.Request) {
	status, content, word := http.StatusMethodNotAllowed, any(map[string]string{"error": "POST only."}), "refused"
	if request.Method == http.MethodPost {
		body, err := io.ReadAll(http.MaxBytesReader(writer, request.Body, maxBodyBytes))
		if err != nil {
			status, content = http.StatusRequestEntityTooLarge, map[string]string{"error": "The body is too large."}
		} else {
			status, content, word = r.judge(request, body)
		}
	}
	text, _ := json.Marshal(content)
	writer.Header().Set("Content-Type", "application/json")
	writer.WriteHeader(status)
	writer.Write(text)
	fmt.Println(status, request.Header.Get("X-iCF-Event"), request.Header.Get("webhook-id"), word)
}

func main() {
	host := flag.String("host", "127.0.0.1", "address to listen on")
	port := flag.Int("port", 9000, "port to listen on")
	siteURL := flag.String("site-url", "https://example.com/blog", "where the articles are published")
	flag.Parse()
	secret := os.Getenv("WEBHOOK_SECRET")
	// Without a secret anybody's request would be taken: there is no default.
	if secret == "" {
		log.Fatal("WEBHOOK_SECRET is the secret that Galley showed.")
	}
	listener, err := net.Listen("tcp", fmt.Sprintf("%s:%d", *host, *port))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("listening on http://%s\n", listener.Addr())
	server := &http.Server{
		Handler:           &receiver{secret: secret, siteURL: strings.TrimRight(*siteURL, "/"), seen: map[string]answer{}},
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
	}
	log.Fatal(server.Serve(listener))
}
