package sqlite

// Queries are all that a store prepares.
var Queries = queries

// CommitError is what Update makes of the error of COMMIT.
var CommitError = commitError
