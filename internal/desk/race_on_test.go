//go:build race

package desk_test

const raceDetector = true
