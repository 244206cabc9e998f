package pricing

import "strconv"

// A path names a value inside a catalog as its file does: "packages[2].price.amount".

// join returns the path of field inside the value at path. Either may be empty.
func join(path, field string) string {
	if path == "" || field == "" || field[0] == '[' {
		return path + field
	}
	return path + "." + field
}

// index returns the path of element i of the list at path.
func index(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }
