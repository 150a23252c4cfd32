package files

import (
	"os"

	"golang.org/x/sys/unix"
)

// writeBack asks the system to begin bringing a stretch of a file to the disk,
// without waiting for it: the wait at the end of a large file is then short.
// It promises nothing, so its failure is none; Commit is what makes sure.
func writeBack(f *os.File, from, n int64) {
	_ = unix.SyncFileRange(int(f.Fd()), from, n, unix.SYNC_FILE_RANGE_WRITE)
}
