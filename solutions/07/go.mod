module wsworkshop/solutions/07

go 1.26

require (
	github.com/google/uuid v1.6.0
	github.com/gorilla/websocket v1.5.3
)

replace wsworkshop/pkg/testclient => ../../pkg/testclient
