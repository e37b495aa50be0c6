package faulty

import (
	"bufio"
	"net"
	"net/http"
	"time"

	"wsworkshop/pkg/testclient"
)

// Leaky starts a goroutine for each connection that nothing ends.
var Leaky = Session(func(conn net.Conn, in *bufio.Reader) {
	never := make(chan struct{})
	for range 2 {
		go wait(never)
	}
	untilGone(in)
})

// Chatty has a writer for each connection, which waits while its client does not read.
var Chatty = Session(func(conn net.Conn, in *bufio.Reader) {
	go write(conn)
	untilGone(in)
})

func write(conn net.Conn) {
	news := testclient.TextFrame("news")
	news.Masked = false
	time.Sleep(time.Second)
	for range 4 {
		_, _ = conn.Write(news.Bytes())
	}
}

func wait(c chan struct{}) { <-c }

// events is what no server may have: a channel made before the test began.
var events = make(chan string)

// Shared waits for a channel at package level.
var Shared = Session(func(conn net.Conn, in *bufio.Reader) {
	go func() {
		for range events {
		}
	}()
	untilGone(in)
})

// Busy asks again and again, without a pause.
var Busy = Session(func(conn net.Conn, in *bufio.Reader) {
	stop := time.Now().Add(time.Hour)
	for time.Now().Before(stop) {
	}
})

// Drowsy asks again and again, with pauses of an instant.
var Drowsy = Session(func(conn net.Conn, in *bufio.Reader) {
	for {
		time.Sleep(1 * time.Nanosecond)
	}
})

// Outside listens on the real loopback.
var Outside = Session(func(conn net.Conn, in *bufio.Reader) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	defer ln.Close()
	_, _ = ln.Accept()
})

// Endless is a server whose Close never returns while its ticker goes on.
type Endless struct{ http.Handler }

// Close waits for a goroutine that has no end.
func (e Endless) Close() error {
	done := make(chan struct{})
	go e.beat(done)
	<-done
	return nil
}

// Count does not return either.
func (e Endless) Count() int {
	_ = e.Close()
	return 0
}

func (e Endless) beat(done chan struct{}) {
	for range time.Tick(time.Second) {
	}
	close(done)
}

// Panicky has a bug in its handler.
func Panicky(rw http.ResponseWriter, r *http.Request) {
	h := struct{ members map[string]int }{} // and no make
	h.members[r.URL.Path]++
}

// Janitor starts a goroutine that nothing ends.
type Janitor struct{ swept int }

// NewJanitor returns a janitor at work.
func NewJanitor(every time.Duration) *Janitor {
	j := &Janitor{}
	go j.sweep(every)
	return j
}

func (j *Janitor) sweep(every time.Duration) {
	for range time.Tick(every) {
		j.swept++
	}
}

// GoesOn refuses a request, and lacks the return after that.
func GoesOn(rw http.ResponseWriter, _ *http.Request) {
	http.Error(rw, "not today", http.StatusServiceUnavailable)
	rw.WriteHeader(http.StatusOK)
}
