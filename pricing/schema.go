package pricing

import _ "embed" // for the schema

// SchemaID is the identifier of the schema that [Schema] returns.
const SchemaID = "https://github.com/scrip-go/scrip/pricing/catalog.schema.json"

//go:embed catalog.schema.json
var schema string

// Schema returns the JSON Schema (draft 2020-12) of a catalog file, for editors and for other
// languages. What a schema cannot say, such as that names are unique and tiers rise, [Load] checks.
func Schema() []byte { return []byte(schema) }
