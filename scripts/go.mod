module wsworkshop/scripts

go 1.26
