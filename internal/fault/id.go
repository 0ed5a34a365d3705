package fault

import "crypto/rand"

// idLength makes ids that are short enough to read out on the telephone, and that no two failures in a log share.
const idLength = 8

// NewID names one failure of our own, so that the one who saw it and the one who reads the log speak of the same.
func NewID() string { return rand.Text()[:idLength] }
