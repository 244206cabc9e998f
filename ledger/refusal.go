package ledger

// A Refusal is the outcome of a request that asked to be refused for good if it
// could not be done at once.
type Refusal struct{}

// RefundPolicy says what becomes of credits that are refunded into a grant that
// has expired.
type RefundPolicy struct{}
