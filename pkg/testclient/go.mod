module wsworkshop/pkg/testclient

go 1.26
