module wsworkshop/solutions/10

go 1.26.0

require (
	github.com/cenkalti/backoff/v5 v5.0.3
	github.com/google/uuid v1.6.0
	github.com/gorilla/websocket v1.5.3
	golang.org/x/sync v0.25.0
	wsworkshop/pkg/chattest v0.0.0-00010101000000-000000000000
	wsworkshop/pkg/testclient v0.0.0-00010101000000-000000000000
)

replace wsworkshop/pkg/chattest => ../../pkg/chattest

replace wsworkshop/pkg/testclient => ../../pkg/testclient

replace wsworkshop/pkg/testpage => ../../pkg/testpage
