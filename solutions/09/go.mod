module wsworkshop/solutions/09

go 1.26

require (
	github.com/cenkalti/backoff/v5 v5.0.3
	github.com/google/uuid v1.6.0
	github.com/gorilla/websocket v1.5.3
	github.com/stretchr/testify v1.12.1
	wsworkshop/pkg/chattest v0.0.0-00010101000000-000000000000
	wsworkshop/pkg/testclient v0.0.0-00010101000000-000000000000
)

require go.yaml.in/yaml/v3 v3.0.5 // indirect

replace wsworkshop/pkg/chattest => ../../pkg/chattest

replace wsworkshop/pkg/testclient => ../../pkg/testclient

replace wsworkshop/pkg/testpage => ../../pkg/testpage
