module wsworkshop/solutions/09

go 1.26

require (
	github.com/cenkalti/backoff/v5 v5.0.3
	github.com/google/uuid v1.6.0
	github.com/gorilla/websocket v1.5.3
)

replace wsworkshop/pkg/chattest => ../../pkg/chattest

replace wsworkshop/pkg/testclient => ../../pkg/testclient

replace wsworkshop/pkg/testpage => ../../pkg/testpage
