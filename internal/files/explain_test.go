package files

import (
	"io/fs"
	"strings"
	"syscall"
	"testing"

	"openvru/internal/errs"
)

// Whoever sent a file reads why it was not kept, but not where files are kept.
func TestRefusalsDoNotNameTheFolder(t *testing.T) {
	const folder = "/srv/openvru/files"
	for _, cause := range []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EACCES, syscall.EROFS} {
		err := explain(&fs.PathError{Op: "write", Path: folder + "/temp/new-1", Err: cause})
		if errs.KindOf(err) != errs.Unavailable || errs.HintOf(err) == "" {
			t.Errorf("%v becomes %v", cause, err)
		}
		if text := errs.MessageOf(err) + errs.HintOf(err); strings.Contains(text, folder) {
			t.Errorf("%v: the sentence names the folder: %s", cause, text)
		}
		if !strings.Contains(err.Error(), folder) {
			t.Errorf("%v: the log does not name the folder: %v", cause, err)
		}
	}
}
