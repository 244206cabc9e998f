package pricing

import (
	"slices"
	"time"
)

// checkVersions finds the versions of each card and the default card, and checks that versions
// agree and that their dates neither overlap nor leave a gap.
func (x *catalogIndex) checkVersions(c *Catalog) error {
	x.cards = make(map[string][]*RateCard)
	positions := make(map[string][]int)
	for i := range c.RateCards {
		card := &c.RateCards[i]
		positions[card.Name] = append(positions[card.Name], i)
		if err := within(index("rate_cards", i), x.checkDefault(card)); err != nil {
			return err
		}
	}
	if len(positions) == 1 {
		x.fallback = c.RateCards[0].Name
	}
	for i := range c.RateCards {
		name := c.RateCards[i].Name
		if positions[name][0] != i {
			continue // seen with the first version
		}
		versions, err := sortVersions(c, positions[name])
		if err != nil {
			return err
		}
		x.cards[name] = versions
	}
	return nil
}

func (x *catalogIndex) checkDefault(card *RateCard) error {
	if !card.Default {
		return nil
	}
	if x.fallback != "" && x.fallback != card.Name {
		return invalid("default", "is claimed by card %q too", x.fallback)
	}
	x.fallback = card.Name
	return nil
}

// sortVersions returns the versions of a card, which are at positions, by date.
func sortVersions(c *Catalog, positions []int) ([]*RateCard, error) {
	slices.SortStableFunc(positions, func(a, b int) int {
		return c.RateCards[a].EffectiveAt.Compare(c.RateCards[b].EffectiveAt)
	})
	versions := make([]*RateCard, len(positions))
	for n, i := range positions {
		versions[n] = &c.RateCards[i]
		if n == 0 {
			continue
		}
		if err := within(index("rate_cards", i), checkSuccession(versions[n-1], versions[n])); err != nil {
			return nil, err
		}
		versions[n-1].index.inForce.Until = versions[n].EffectiveAt
	}
	return versions, nil
}

// checkSuccession checks that a version of a card begins where the one before it ends.
func checkSuccession(before, card *RateCard) error {
	switch ends := before.EndsAt; {
	case card.Default != before.Default:
		return invalid("default", "is not what another version of card %q says", card.Name)
	case before.EffectiveAt.Equal(card.EffectiveAt):
		return invalid("effective_at", "repeats that of another version of card %q", card.Name)
	case !ends.IsZero() && ends.After(card.EffectiveAt):
		return invalid("effective_at", "overlaps the version that ends at %s", ends.Format(time.RFC3339))
	case !ends.IsZero() && ends.Before(card.EffectiveAt):
		return invalid("effective_at", "leaves a gap after the version that ends at %s", ends.Format(time.RFC3339))
	}
	return nil
}
