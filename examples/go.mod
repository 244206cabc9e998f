module github.com/scrip-go/scrip/examples

go 1.26

require (
	github.com/scrip-go/scrip v0.0.0
	github.com/shopspring/decimal v1.6.0
)

require github.com/google/uuid v1.6.0 // indirect

replace github.com/scrip-go/scrip => ..
