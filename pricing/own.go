package pricing

import "reflect"

// With returns a card on which rates, a wallet's own, stand in for those of card. An item that
// rates name has only the rates that they give it; every other item keeps the card's. card does
// not change, so that wallets with rates of their own can share it, and the cost does not depend
// on its size. The Rates field of the new card still lists those of card.
//
// An invalid rate, two rates for the same match, and an unknown item are errors wrapping
// [ErrInvalid].
func (card *RateCard) With(rates []Rate) (*RateCard, error) {
	if card.index == nil {
		return nil, invalid("card", "is not part of a complete catalog")
	}
	own := *card
	own.Rates = rates
	if err := within("rates", canon(reflect.ValueOf(&own.Rates).Elem())); err != nil {
		return nil, err
	}
	index, err := newCardIndex(&own, card.index.unit, card.index.catalog)
	if err != nil {
		return nil, err
	}
	for _, r := range index.rates {
		r.own = true
	}
	index.base, index.inForce = card.index, card.index.inForce
	own.index = index
	own.Rates = card.Rates
	return &own, nil
}
