module wsworkshop/solutions/01

go 1.26

require github.com/gorilla/websocket v1.5.3

replace wsworkshop/pkg/testclient => ../../pkg/testclient
