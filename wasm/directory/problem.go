package directory

import (
	"errors"
	"net/http"
)

// ErrProtocol is that a directory speaks another version of the protocol.
var ErrProtocol = errors.New("directory: another version of the protocol")

// Code says why a directory refused a request. It is stable: append only.
type Code string

const (
	NotFound            Code = "not_found"
	MethodNotAllowed    Code = "method_not_allowed" // header Allow
	ContentType         Code = "content_type"
	BodyTooLarge        Code = "body_too_large"
	BodyMalformed       Code = "body_malformed"
	NumberInvalid       Code = "number_invalid"       // not E.164 of a valid number
	ConsentOutdated     Code = "consent_outdated"     // not the hash of the present text
	ConsentScopes       Code = "consent_scopes"       // none, unknown or twice
	ElementInvalid      Code = "element_invalid"      // with Problem.Index
	BatchSize           Code = "batch_size"           // not one of BatchSizes
	RegistrationUnknown Code = "registration_unknown" // used, or never there
	CodeWrong           Code = "code_wrong"           // with Problem.TriesLeft
	CodeExpired         Code = "code_expired"         // or out of tries
	SendsExceeded       Code = "sends_exceeded"       // header Retry-After
	SenderFailed        Code = "sender_failed"
	CredentialMissing   Code = "credential_missing" // header WWW-Authenticate
	CredentialUnknown   Code = "credential_unknown" // withdrawn, renewed, or of another epoch
	ScopeMissing        Code = "scope_missing"
	BudgetExceeded      Code = "budget_exceeded"  // header Retry-After, Problem.Available
	RecordLength        Code = "record_size"      // not 64 bytes
	VersionUnknown      Code = "version_unknown"  // not published yet
	VersionGone         Code = "version_gone"     // not readable any more
	HourUnknown         Code = "hour_unknown"     // not over yet, or to come
	HourGone            Code = "hour_gone"        // changes are kept for 8 days
	NumberKind          Code = "number_kind"      // no codes are sent to numbers of its kind
	RecordsExceeded     Code = "records_exceeded" // header Retry-After: too many new records in a day
	RenewalUnknown      Code = "renewal_unknown"  // none is under way
	RenewalFinal        Code = "renewal_final"    // it was refused once
	EpochPassed         Code = "epoch_passed"     // too late to move, or moved already
	OriginRefused       Code = "origin_refused"   // asked by a page of another origin
	AccountUnknown      Code = "account_unknown"  // the number has no account to withdraw
	NumberOther         Code = "number_other"     // the account is of another number
	MovesExceeded       Code = "moves_exceeded"   // header Retry-After: too many tries to move in a day
	QueryMalformed      Code = "query_malformed"
	RangeUnsatisfiable  Code = "range_unsatisfiable"
	StoreBusy           Code = "store_busy" // header Retry-After
	StoreFull           Code = "store_full"
	Internal            Code = "internal"
	BodyTimeout         Code = "body_timeout" // the body did not come in time
	FileMissing         Code = "file_missing" // a published file is lost or not whole: the operator's fault
)

// statuses of all codes.
var statuses = map[Code]int{
	NotFound:            http.StatusNotFound,
	MethodNotAllowed:    http.StatusMethodNotAllowed,
	ContentType:         http.StatusUnsupportedMediaType,
	BodyTooLarge:        http.StatusRequestEntityTooLarge,
	BodyMalformed:       http.StatusBadRequest,
	NumberInvalid:       http.StatusBadRequest,
	ConsentOutdated:     http.StatusConflict,
	ConsentScopes:       http.StatusBadRequest,
	ElementInvalid:      http.StatusBadRequest,
	BatchSize:           http.StatusBadRequest,
	RegistrationUnknown: http.StatusNotFound,
	CodeWrong:           http.StatusForbidden,
	CodeExpired:         http.StatusGone,
	SendsExceeded:       http.StatusTooManyRequests,
	SenderFailed:        http.StatusBadGateway,
	CredentialMissing:   http.StatusUnauthorized,
	CredentialUnknown:   http.StatusUnauthorized,
	ScopeMissing:        http.StatusForbidden,
	BudgetExceeded:      http.StatusTooManyRequests,
	RecordLength:        http.StatusBadRequest,
	VersionUnknown:      http.StatusNotFound,
	VersionGone:         http.StatusGone,
	HourUnknown:         http.StatusNotFound,
	HourGone:            http.StatusGone,
	NumberKind:          http.StatusForbidden,
	RecordsExceeded:     http.StatusTooManyRequests,
	RenewalUnknown:      http.StatusNotFound,
	RenewalFinal:        http.StatusConflict,
	EpochPassed:         http.StatusConflict,
	OriginRefused:       http.StatusForbidden,
	AccountUnknown:      http.StatusNotFound,
	NumberOther:         http.StatusForbidden,
	MovesExceeded:       http.StatusTooManyRequests,
	QueryMalformed:      http.StatusBadRequest,
	RangeUnsatisfiable:  http.StatusRequestedRangeNotSatisfiable,
	StoreBusy:           http.StatusServiceUnavailable,
	StoreFull:           http.StatusServiceUnavailable,
	Internal:            http.StatusInternalServerError,
	BodyTimeout:         http.StatusRequestTimeout,
	FileMissing:         http.StatusServiceUnavailable,
}

// Status is the HTTP status that goes with a code, 0 for an unknown one.
func (c Code) Status() int { return statuses[c] }

// Error is the code: a Code is an error, so that errors.Is finds it.
func (c Code) Error() string { return string(c) }

// ProblemType is the media type of problem documents, RFC 9457.
const ProblemType = "application/problem+json"

// Problem is a directory's problem document. It never quotes from a request.
type Problem struct {
	Type   string `json:"type"` // "about:blank": Code says which problem it is
	Title  string `json:"title"`
	Status int    `json:"status"`
	Code   Code   `json:"code"` // the rest may be worded anew
	Detail string `json:"detail,omitempty"`
	// Index is the first element that is none.
	Index *int `json:"index,omitempty"`
	// TriesLeft is how often a code may still be tried.
	TriesLeft *int64 `json:"tries_left,omitempty"`
	// Available is how many evaluations the budget has.
	Available *int64 `json:"available,omitempty"`
}

// NewProblem makes the document for a code. The detail may be empty.
func NewProblem(code Code, detail string) *Problem {
	status := code.Status()
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: code, Detail: detail}
}

// Error is the code.
func (p *Problem) Error() string { return string(p.Code) }

// Unwrap is the code too, for errors.Is(err, directory.CodeWrong).
func (p *Problem) Unwrap() error { return p.Code }
