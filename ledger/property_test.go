package ledger_test

import (
	"os"
	"strconv"
	"testing"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"
	"github.com/stretchr/testify/require"
)

// properties returns a suite with a fixed seed that makes so many runs, a tenth of
// them with -short. SCRIP_SEED and SCRIP_RUNS override both.
func properties(t *testing.T, runs int) *gopter.Properties {
	t.Helper()
	if testing.Short() {
		runs = (runs + 9) / 10
	}
	seed, number := int64(20260301), int64(runs)
	for name, value := range map[string]*int64{"SCRIP_SEED": &seed, "SCRIP_RUNS": &number} {
		if s := os.Getenv(name); s != "" {
			n, err := strconv.ParseInt(s, 10, 64)
			require.NoError(t, err, name)
			*value = n
		}
	}
	parameters := gopter.DefaultTestParametersWithSeed(seed)
	parameters.MinSuccessfulTests = int(number)
	parameters.MaxSize = 120
	return gopter.NewProperties(parameters)
}

// genSteps makes the steps of a machine.
func genSteps(least, most int) gopter.Gen {
	return gen.SliceOf(gen.UInt64()).SuchThat(func(s []uint64) bool { return len(s) > 0 })
}

func TestLedgerIsWhatTheModelSays(t *testing.T) {
	t.Parallel()
	laws := properties(t, 200)
	laws.Property("after every operation wallets, pots, answers and refusals are the model's", prop.ForAll(
		func(steps []uint64) string { return reason(newMachine(newStore()).run(steps)) },
		genSteps(1, 120),
	))
	laws.TestingRun(t)
}

func reason(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
