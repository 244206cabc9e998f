package expiry

import (
	"strconv"
	"sync"
	"time"
)

// maxZoneName is more than the longest name in the IANA database needs.
const maxZoneName = 64

// zones remembers the zones that were looked up: [time.LoadLocation] opens and parses a file each
// time, and a wallet's calendar is asked for on every charge. Only names that exist are kept, so
// it never holds more than the database has.
var zones sync.Map // name to *time.Location

// Zone returns the time zone with an IANA name, such as "Europe/Berlin". The empty name is UTC.
//
// A name that is not known, and "Local", which would mean something else on each machine, is an
// [*InvalidError]. Zones come from the time zone database of the host, as [time.LoadLocation]
// finds it; a host that may run where there is none imports time/tzdata in its main package.
// A zone is read once, so a newer database counts from the next start of the process.
func Zone(name string) (*time.Location, error) {
	if name == "" || name == "UTC" {
		return time.UTC, nil
	}
	if zone, ok := zones.Load(name); ok {
		return zone.(*time.Location), nil
	}
	if name == "Local" {
		return nil, invalid("zone", "must name a place, not Local")
	}
	if len(name) > maxZoneName {
		return nil, invalid("zone", "is too long for the name of a time zone")
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, invalid("zone", strconv.Quote(name)+" is not in this machine's time zone database")
	}
	zones.Store(name, zone)
	return zone, nil
}
