module github.com/scrip-go/scrip/examples

go 1.26

require github.com/scrip-go/scrip v0.0.0

replace github.com/scrip-go/scrip => ..
