package ledger

// A Movement says in the words of a statement what an entry did.
type Movement string

// The movements.
const (
	MovementPurchase   Movement = "purchase"   // credits were bought
	MovementGrant      Movement = "grant"      // credits were given away
	MovementAllocation Movement = "allocation" // a plan began or changed, and gave or took allowance
	MovementReset      Movement = "reset"      // a period began, and gave its allowance
	MovementRollover   Movement = "rollover"   // what survived a period's end was carried on
	MovementActivation Movement = "activation" // credits given for later took effect
	MovementUsage      Movement = "usage"      // credits were spent, or a debt was paid with new ones
	MovementHold       Movement = "hold"       // credits were earmarked, or no longer
	MovementRefund     Movement = "refund"     // spent credits came back
	MovementAddition   Movement = "addition"   // credits were added by hand
	MovementDeduction  Movement = "deduction"  // credits were taken away by hand
	MovementReturn     Movement = "return"     // a purchase was undone
	MovementTransfer   Movement = "transfer"   // credits came from, or went to, another wallet
	MovementExpiration Movement = "expiration" // credits ended unused, or that was taken back for late use
	MovementVoid       Movement = "void"       // credits were cancelled
	MovementNone       Movement = "none"       // nothing happened to credits
)

// movements has what each kind of entry is in a statement. A grant may be more.
var movements = map[Kind]Movement{
	KindPurchase: MovementPurchase, KindGrant: MovementGrant, KindActivate: MovementActivation,
	KindSubscribe: MovementAllocation, KindChange: MovementAllocation, KindCancel: MovementAllocation,
	KindRenew: MovementReset, KindRollover: MovementRollover,
	KindCharge: MovementUsage, KindCapture: MovementUsage, KindInvoice: MovementUsage, KindRepay: MovementUsage,
	KindHold: MovementHold, KindExtend: MovementHold, KindRelease: MovementHold,
	KindRefund: MovementRefund, KindAdd: MovementAddition, KindDeduct: MovementDeduction,
	KindTakeBack: MovementReturn, KindSend: MovementTransfer, KindReceive: MovementTransfer,
	KindExpire: MovementExpiration, KindReinstate: MovementExpiration,
	KindVoid: MovementVoid, KindClose: MovementVoid,
}

// Movement returns what e is in a statement. A grant that was paid for is a
// purchase, and one of a plan's allowance an allocation.
func (e *Entry) Movement() Movement {
	m, ok := movements[e.Kind]
	if !ok {
		return MovementNone
	}
	if e.Kind == KindGrant && len(e.Grants) > 0 {
		switch g := e.Grants[0]; {
		case g.Source == SourcePurchase || g.Paid.Amount.IsPositive():
			return MovementPurchase
		case g.Source == SourceAllowance:
			return MovementAllocation
		}
	}
	return m
}
