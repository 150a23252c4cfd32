package intake

import (
	"context"
	"path"
	"slices"
	"strings"

	"openvru/internal/errs"
	"openvru/internal/records"
)

// readArchive reads every street file of an archive, in order of their
// names, and names the others.
func (p policeUK) readArchive(ctx context.Context, in *records.Input, out *records.Sink) error {
	members, err := openArchive(in)
	if err != nil {
		return err
	}
	r := newStreetReader(p, in, out)
	if slices.ContainsFunc(members, func(m member) bool { return m.name == "[Content_Types].xml" }) {
		return notCSV("an Excel workbook (.xlsx)", "open it and save the sheet as CSV (comma separated values)")
	}
	street := 0
	for _, m := range members {
		if why := notStreet(m); why != "" {
			out.SkipFile(m.name, why)
			out.Findings().Add(out.Findings().Index(ruleSkippedFile), records.Example{File: m.name, Value: why})
			continue
		}
		street++
		if err := r.readMember(ctx, m); err != nil {
			return err
		}
	}
	if street == 0 {
		return errNotStreet
	}
	return nil
}

// notStreet says why a member is not read; "" when it is.
func notStreet(m member) string {
	base := strings.ToLower(path.Base(m.name))
	switch {
	case strings.HasSuffix(base, "-street.csv"), strings.HasSuffix(base, "-street.csv.gz"):
		return ""
	case strings.Contains(base, "-outcomes."):
		return "outcomes, which repeat the crimes of the street files"
	case strings.Contains(base, "-stop-and-search."):
		return "stop and search, which counts searches and not crimes"
	case strings.HasSuffix(base, ".zip"), strings.HasSuffix(base, ".7z"), strings.HasSuffix(base, ".rar"):
		return "an archive within the archive"
	}
	return "not named as a street file (YYYY-MM-force-street.csv)"
}

// readMember reads one street file of the archive.
func (r *streetReader) readMember(ctx context.Context, m member) error {
	var err error
	if r.file, err = r.out.OpenFile(ctx, m.name); err != nil {
		return err
	}
	r.fileName = m.name
	r.named(m.name)
	f, err := m.open()
	if err != nil {
		return err
	}
	defer f.Close()
	stream, err := unpacked(f)
	if err == nil {
		err = r.read(ctx, stream)
	}
	if errs.Is(err, errs.Invalid) && !strings.Contains(err.Error(), m.name) {
		return errs.New(errs.Invalid, "%s: %s", m.name, errs.MessageOf(err)).WithHint("%s", errs.HintOf(err))
	}
	return err
}
