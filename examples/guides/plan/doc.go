// Package plan is a guide: how to model what you sell, from the catalog file to the
// page that the customer sees. Everything it says is shown by an example of that
// name in example_test.go, on the catalog.json beside it: Quill, a service that
// drafts texts and draws images, with two plans and a package of extra credits.
//
// # The unit
//
// Decide first what a credit is. Whole credits are easiest to explain, and
// pricing.Credits is that unit. If one use can cost less than one credit, give the
// unit decimals now: a wallet's unit never changes, and an amount finer than it is
// refused, not rounded. Only a rate that makes credits of a quantity rounds, as the
// rate card says.
//
// # The catalog
//
// A catalog is a JSON file that is reviewed and deployed like code. Load is strict:
// a misspelt field is an error with its line and column, and Warnings lists what
// works but is hardly meant, such as a large package that is dearer per credit than a
// small one (Example_catalog). Put both in a test beside your file.
//
// Items come first: everything that a customer can use, with a kind, which is what
// scopes and reports group by. A rate card then prices them. An item without a rate
// is refused, so what is free says so with the model "free". Two rates for one item
// are told apart by the attributes of the use, as with images in high definition.
// Ask for a price with Ledger.Check: it runs the rule that will charge, and answers
// with what would be left (Example_price).
//
// # Plans
//
// A plan is a price, a cycle and buckets. A bucket with an allowance gets it at the
// start of every period, and the allowance ends with the period, but for what its
// rollover lets survive: an amount, a percentage of the allowance, or all of it, a
// number of periods long. A bucket with a scope pays for some items only: the plan
// "studio" gives 120 credits that only images can use.
//
// Keep what renews and what was bought apart. Packages go to no bucket unless they
// name one, and end when they say themselves. A bonus has terms of its own: in
// catalog.json it ends after three months, and without that line it would stay for
// ever, although the credits that it came with end after twelve. Catalog.Warnings says
// so of such a bonus; if it is meant to stay, write "never".
//
// # Subscribing
//
// Open one wallet for each customer, not for each user: the users of an organization
// share it, and Info.Actor says who did what. Give the wallet the customer's time
// zone when you open it, for periods of days and longer end at local midnight.
// Then subscribe, with the sign-up's ID as key, so that a form that is sent twice
// subscribes once (Example_subscribe).
//
// Periods count from the anchor. Who signs up on 31 January renews on 28 February and
// on 31 March: the short month does not pull the later ones with it. For periods that
// are calendar months set Anchor to the first, and choose by Prorate what who joins
// in the middle gets (Example_calendarMonth).
//
// # The end of a period
//
// Nothing has to run at midnight. The next request, or the next look at the balance,
// finds the period ended, the rest lapsed or carried and the new allowance there,
// each dated at the boundary (Example_monthEnd). Carried credits are spent before new
// ones, unless the rollover says "last". Use that happened before midnight and is
// reported after it draws on the old period (Example_late), up to Config.Lateness.
//
// # What is spent first
//
// What ends sooner is spent first and, of what ends together, what was free. So the
// month's allowance goes before a package that lasts a year, and a package that ends
// tomorrow before the allowance: that costs the customer least, and needs no priorities
// (Example_buy). State a priority only where you mean something else, and tell the
// customer: a credit of priority 10 is spent before all of the default 50, however
// late it ends.
//
// # Changes of plan
//
// Money and credits are two questions with one rule: the share of the period that is
// left, to the microsecond. Catalog.Change says what the card is to be charged,
// Ledger.Change gives the credits (Example_upgrade). Charge the card first, and use
// the payment's ID as the key of the change. A downgrade belongs to the end of the
// period, which was paid for: AtPeriodEnd (Example_downgrade). Cancel has it, too.
//
// # New prices and new terms
//
// These differ, and that surprises people. A wallet is priced by the version of the
// card that is in force when a use happens: a second card of the same name with a
// later effective_at reaches everybody at that instant (Example_newPrices). But a
// subscription keeps the buckets that it was made with. Whoever raises an allowance
// in the file raises it for new subscribers; the others get it by Ledger.Change to
// the same plan, which a migration script calls for each of them
// (Example_newTerms). Diff of the old and the new catalog lists what changes and
// which plans it reaches.
//
// Never remove a plan or a card that somebody still has: the period goes on, but what
// the plan said about running out is gone (Example_removed). Stop selling it instead,
// and mark a package inactive.
//
// # When credits run out
//
// The plan's beyond says what happens, and requests need not: "refuse" and
// "packages" refuse the charge and tell by how much it fell short, "overage" and
// "postpaid" let it pass and keep the rest to be invoiced (Example_beyond). A request
// that states a Shortfall of its own overrides the plan. How overage becomes a line of
// an invoice is in the guide invoices.
//
// # The customer's page
//
// Plan, progress, reset date, what is there until when, and what it was used for
// are all in the books (Example_screen); keep no counter of your own beside them.
// Show times in the wallet's zone. Ledger.Wallet and Ledger.Balance count what fell
// due a moment ago; the reports, Progresses among them, tell what is booked. With
// Ledger.Run in some process the two are at most a few seconds apart.
package plan
