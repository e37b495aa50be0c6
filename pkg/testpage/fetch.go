package testpage

import (
	"bytes"
	"context"
	"net/http"

	"github.com/grafana/sobek"

	"wsworkshop/pkg/testclient"
)

func contextOf(t *tab) (context.Context, context.CancelFunc) { return context.WithCancel(t.ctx) }

// fetch makes a request, for host.fetch(method, url, headers, body, sink), and returns what
// cancels it.
func (t *tab) fetch(call sobek.FunctionCall) sobek.Value {
	t.loop.asks()
	vm := t.loop.vm
	var headers [][2]string
	if err := vm.ExportTo(call.Argument(2), &headers); err != nil {
		panic(err)
	}
	var body []byte
	if b, ok := call.Argument(3).Export().(sobek.ArrayBuffer); ok {
		body = bytes.Clone(b.Bytes())
	}
	sink := call.Argument(4).ToObject(vm)
	ctx, cancel := contextOf(t)
	method, address := call.Argument(0).String(), call.Argument(1).String()
	go func() {
		answer := t.request(ctx, method, address, headers, body)
		t.loop.post(func() {
			defer cancel()
			name := "answered"
			if answer == nil {
				name = "failed"
			} else {
				answer["body"] = vm.NewArrayBuffer(answer["body"].([]byte))
			}
			f, _ := sobek.AssertFunction(sink.Get(name))
			if _, err := f(sink, vm.ToValue(answer)); err != nil {
				t.uncaught(theScript, err)
			}
		})
	}()
	return vm.ToValue(func() { cancel() })
}

// request returns the answer as Response takes it, or nil where there is none.
func (t *tab) request(ctx context.Context, method, address string, headers [][2]string, body []byte) map[string]any {
	path, ours := t.pathOf(address)
	if !ours {
		return nil
	}
	req, err := http.NewRequestWithContext(ctx, method, t.s.URL()+path, nil)
	if err != nil {
		return nil
	}
	for _, h := range headers {
		req.Header.Add(h[0], h[1])
	}
	resp, err := t.link.Fetch(ctx, req, testclient.Body(string(body)))
	if err != nil {
		return nil
	}
	pairs := []any{}
	for key, values := range resp.Header {
		for _, v := range values {
			pairs = append(pairs, []any{key, v})
		}
	}
	return map[string]any{
		"status": resp.Status, "statusText": http.StatusText(resp.Status), "headers": pairs, "body": resp.Body,
	}
}
