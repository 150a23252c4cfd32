package intake

import (
	"archive/zip"
	"cmp"
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/klauspost/compress/flate"

	"openvru/internal/errs"
	"openvru/internal/records"
)

// What an archive may be. The publisher's largest holds some three thousand
// files of a tenth to a twentieth of their size.
const maxArchiveFiles = 20000

// maxMember is what no file of an archive can unpack to; sums of sizes below
// it do not overflow.
const maxMember = 1 << 48

// member is a file of an archive.
type member struct {
	name string
	file *zip.File
}

// openArchive lists the files of a zip, in order of their names, having looked
// at what the archive says of itself: one that could do harm is refused before
// anything is unpacked. What an archive says and what comes out of it are
// compared as each member is read.
func openArchive(in *records.Input) ([]member, error) {
	z, err := zip.NewReader(in.File, in.Size)
	if err != nil {
		return nil, errs.New(errs.Invalid, "the archive is damaged or cut off: %v", err).
			WithHint("download it again, and see that the download came to its end")
	}
	z.RegisterDecompressor(zip.Deflate, func(r io.Reader) io.ReadCloser { return flate.NewReader(r) })
	if len(z.File) > maxArchiveFiles {
		return nil, hostile("it holds %d files, more than %d", len(z.File), maxArchiveFiles)
	}
	var out []member
	seen := map[string]bool{}
	var packed, unpacked uint64
	for _, f := range z.File {
		name, ok := cleanName(f.Name)
		if !ok {
			return nil, hostile("a file in it is named %q, which leads out of any folder", shortName(f.Name))
		}
		if f.CompressedSize64 > uint64(in.Size) || f.UncompressedSize64 > maxMember {
			return nil, hostile("%s in it says that it is larger than any file", shortName(name))
		}
		packed, unpacked = packed+f.CompressedSize64, unpacked+f.UncompressedSize64
		if strings.HasSuffix(f.Name, "/") || clutter(name) {
			continue
		}
		if seen[strings.ToLower(name)] {
			return nil, hostile("two files in it are named %s", name)
		}
		if f.Flags&1 != 0 {
			return nil, errs.New(errs.Invalid, "the archive is locked with a password").WithHint("unpack it and send the files, or an archive without a password")
		}
		seen[strings.ToLower(name)] = true
		out = append(out, member{name, f})
	}
	if packed > uint64(in.Size) {
		return nil, hostile("its files lie over each other")
	}
	if unpacked > freeUnpacked && unpacked/maxUnpackRatio > uint64(in.Size) {
		return nil, hostile("it unpacks to more than %d times its size", maxUnpackRatio)
	}
	slices.SortFunc(out, func(a, b member) int { return cmp.Compare(a.name, b.name) })
	return out, nil
}

func hostile(format string, args ...any) error {
	return errs.New(errs.Invalid, "the archive is not opened: "+format, args...).
		WithHint("download it again from the publisher, or unpack it yourself and send the files in it")
}

// cleanName returns a member's name; false when it would lead out of a folder
// that it was unpacked in. Nothing is ever unpacked to a name, but an archive
// with such names was made to do harm.
func cleanName(name string) (string, bool) {
	slashed := strings.ReplaceAll(name, `\`, "/")
	if slashed == "" || strings.HasPrefix(slashed, "/") || strings.ContainsRune(slashed, 0) || len(slashed) > 1000 ||
		len(slashed) > 1 && slashed[1] == ':' {
		return "", false
	}
	if slices.Contains(strings.Split(slashed, "/"), "..") {
		return "", false
	}
	return path.Clean(slashed), true
}

// clutter recognises what file managers leave in archives.
func clutter(name string) bool {
	base := path.Base(name)
	return strings.HasPrefix(name, "__MACOSX/") || base == ".DS_Store" || base == "Thumbs.db"
}

// open opens a member for reading.
func (m member) open() (io.ReadCloser, error) {
	r, err := m.file.Open()
	if err != nil {
		return nil, m.damaged(err)
	}
	return &memberReader{m: m, ReadCloser: r, left: m.file.UncompressedSize64}, nil
}

func (m member) damaged(err error) error {
	if errors.Is(err, zip.ErrAlgorithm) {
		return errs.New(errs.Invalid, "%s in the archive is compressed in a way that this system does not read", m.name).
			WithHint("unpack the archive and send the files in it, or make an ordinary zip of them")
	}
	return errs.New(errs.Invalid, "%s in the archive is damaged: %v", m.name, err).
		WithHint("download the archive again")
}

// memberReader reads a member and stops when more comes out than the archive
// said there was.
type memberReader struct {
	io.ReadCloser
	m    member
	left uint64
}

// Read reads on.
func (r *memberReader) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	if uint64(n) > r.left {
		return 0, hostile("%s in it is larger than it says", r.m.name)
	}
	r.left -= uint64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		err = r.m.damaged(err)
	}
	return n, err
}
