// Package year holds the test of a whole school year: the sample school lends, loses, finds, counts and grows by a year, and a ledger kept beside the
// library must agree with it in the end.
package year
