package places

import "testing"

// BenchmarkCompile fits London's real files together, national look-ups and
// all: what an import takes beside reading its own file.
func BenchmarkCompile(b *testing.B) {
	all := realContents(b)
	for b.Loop() {
		compile(all)
	}
}

// BenchmarkLoad unpacks London's atlas with full-resolution boundaries: the
// places' part of start-up.
func BenchmarkLoad(b *testing.B) {
	a, err := NewAtlas(compile(realContents(b)))
	if err != nil {
		b.Fatal(err)
	}
	packed := a.pack()
	for b.Loop() {
		if _, err := unpackAtlas(packed); err != nil {
			b.Fatal(err)
		}
	}
}
