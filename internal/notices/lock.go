package notices

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

const (
	sendLock  = ".notices.lock"
	lockRetry = 50 * time.Millisecond
)

// lockSending waits until nobody else sends from this folder: no other command, not the server. The system frees the lock of a
// process that dies, so whoever holds it knows that a notice still marked as being sent was left by a crash.
func lockSending(ctx context.Context, dir string) (unlock func(), err error) {
	lock := flock.New(filepath.Join(dir, sendLock))
	if _, err := lock.TryLockContext(ctx, lockRetry); err != nil {
		return nil, fmt.Errorf("wait for another run of notices: %w", err)
	}
	return func() { _ = lock.Unlock() }, nil
}
