package bench

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"
)

// perRoom is how many clients share a room: few, so that no room is full and joining stays cheap.
const perRoom = 5

// awaitServer returns when the server has upgraded a first connection. What the server loads only
// once is loaded then.
func awaitServer(ctx context.Context, addr string) (err error) {
	for range 500 {
		if err = dial(ctx, addr, "first", "first"); err == nil || ctx.Err() != nil {
			return err
		}
		time.Sleep(20 * time.Millisecond)
	}
	return err
}

// join opens n connections, sixteen at a time.
func join(ctx context.Context, addr string, n int) error {
	var group errgroup.Group
	group.SetLimit(16)
	for i := range n {
		group.Go(func() error { return dial(ctx, addr, fmt.Sprint("c", i), fmt.Sprint("r", i/perRoom)) })
	}
	return group.Wait()
}

// dial opens a connection. Until ctx ends, it reads what comes, and says nothing.
func dial(ctx context.Context, addr, client, room string) error {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	context.AfterFunc(ctx, func() { conn.Close() })
	fmt.Fprintf(conn, "GET /ws/%s?room_id=%s HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", client, room, addr)
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return fmt.Errorf("connection %s: %w", client, err)
	}
	if resp.StatusCode != http.StatusSwitchingProtocols {
		return fmt.Errorf("connection %s was refused with %s", client, resp.Status)
	}
	go io.Copy(io.Discard, conn)
	return nil
}
