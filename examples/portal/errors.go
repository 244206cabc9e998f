package main

import (
	"cmp"
	"errors"
	"net/http"
	"strings"

	"github.com/scrip-go/scrip/ledger"
)

// A refusal is an error that is told to the person at the browser.
type refusal struct {
	status int
	text   string
}

func (r *refusal) Error() string { return r.text }

var (
	errNoPage      = &refusal{http.StatusNotFound, "There is no such page."}
	errStaffOnly   = &refusal{http.StatusForbidden, "This page is for the staff of " + agency + "."}
	errClientsOnly = &refusal{http.StatusForbidden, "Only the client can do this. Use the staff pages instead."}
	errCrossOrigin = &refusal{http.StatusForbidden, "This was sent by another website, so it was not done."}
	errSentBefore  = &refusal{http.StatusConflict, "This form was sent before with other contents. Open it anew, and look at what was done."}
)

// badRequest returns the refusal of what nobody should have sent.
func badRequest(text string) *refusal { return &refusal{http.StatusBadRequest, text} }

// unreadable returns what is told of a form that could not be read.
func unreadable(err error) error {
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return &refusal{http.StatusRequestEntityTooLarge, "This is too much for one form."}
	}
	return badRequest("The form could not be read.")
}

// tell returns what a person is told of an error, and false if it is not for people.
func tell(err error) (refusal, bool) {
	if r, ok := errors.AsType[*refusal](err); ok {
		return *r, true
	}
	if short, ok := errors.AsType[*ledger.InsufficientCreditsError](err); ok {
		return refusal{
			http.StatusPaymentRequired,
			"That takes " + credits(short.Want) + ", and there are only " + number(short.Have) + " for it.",
		}, true
	}
	if bad, ok := errors.AsType[*ledger.InvalidError](err); ok {
		return invalidField(bad), true
	}
	for _, known := range []struct {
		err error
		refusal
	}{
		{ledger.ErrNotFound, *errNoPage},
		{ledger.ErrKeyReused, *errSentBefore},
		{ledger.ErrClosed, refusal{http.StatusConflict, "Nothing is left of it."}},
		{ledger.ErrFrozen, refusal{http.StatusConflict, "This wallet is frozen."}},
		{ledger.ErrLimit, refusal{http.StatusConflict, "A limit of this wallet does not allow it."}},
		{ledger.ErrUnknownOutcome, refusal{http.StatusServiceUnavailable, "We cannot tell whether this was done. Please send it again: it is done once."}},
		{ledger.ErrConflict, refusal{http.StatusServiceUnavailable, "There is a lot going on. Please try again."}},
	} {
		if errors.Is(err, known.err) {
			return known.refusal, true
		}
	}
	return refusal{}, false
}

// invalidField tells of a field that the books refuse.
func invalidField(bad *ledger.InvalidError) refusal {
	field := strings.ToLower(cmp.Or(bad.Field, "request"))
	return refusal{http.StatusBadRequest, "The " + field + " " + bad.Reason + "."}
}

// fail shows what went wrong. What is not for people is logged, unless they have gone.
func (p *portal) fail(w http.ResponseWriter, r *http.Request, v visit, err error) {
	told, ok := tell(err)
	if !ok {
		told = refusal{http.StatusInternalServerError, "Something went wrong on our side. Please try again."}
		if r.Context().Err() == nil {
			p.log.ErrorContext(r.Context(), "request failed", "method", r.Method, "path", r.URL.Path, "error", err)
		}
	}
	page := frame{visit: v, Title: http.StatusText(told.status), Page: told.text}
	if err := p.render(w, told.status, page, "error"); err != nil {
		p.log.ErrorContext(r.Context(), "page failed", "error", err)
		http.Error(w, told.text, told.status)
	}
}
