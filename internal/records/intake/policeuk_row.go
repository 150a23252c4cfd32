package intake

import (
	"bytes"
	"crypto/sha256"
	"math"
	"strconv"

	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/records"
)

// streetRules are the numbers of the rules that rows are held to.
type streetRules struct {
	ragged, badMonth, otherMonth, otherForce, unknownForce, falls, badPoint    int
	blankID, oddID, blankLocation, unknownLSOA, unknownType, oldType, context  int
	blankRow, headerAgain, strayQuote, unclosed, nullByte, encoding, noReading int
}

func newStreetRules(f *records.Findings) streetRules {
	return streetRules{
		ragged: f.Index(ruleRaggedRow), badMonth: f.Index(ruleBadMonth), otherMonth: f.Index(ruleOtherMonth),
		otherForce: f.Index(ruleOtherForce), unknownForce: f.Index(ruleUnknownForce), falls: f.Index(ruleFallsWithin),
		badPoint: f.Index(ruleBadPoint), blankID: f.Index(ruleBlankID), oddID: f.Index(ruleOddID),
		blankLocation: f.Index(ruleBlankLocation), unknownLSOA: f.Index(ruleUnknownLSOA), unknownType: f.Index(ruleUnknownCategory),
		oldType: f.Index(ruleOldCategory), context: f.Index(ruleContext), blankRow: f.Index(ruleBlankRow), headerAgain: f.Index(ruleHeaderAgain),
		strayQuote: f.Index(ruleStrayQuote), unclosed: f.Index(ruleUnclosedQuote), nullByte: f.Index(ruleNullByte),
		encoding: f.Index(ruleEncoding), noReading: f.Index(ruleUnreadable),
	}
}

// streetWorker turns rows into records. Every goroutine has its own, which
// remembers the words it has met, so that a row costs no more than looking.
type streetWorker struct {
	r     *streetReader
	batch *records.Batch
	found *records.Findings
	at    [12]int  // field of each column, in the order of the declaration
	cells [][]byte // fields of the row
	line  int64

	forces    map[string]force
	places    map[string]knownPlace
	locations map[string]uint32
	outcomes  map[string]uint32
	types     map[string]category
	months    map[string]period.Month

	lastForce, lastMonth, lastPlace, lastType, lastOutcome []byte // of the row before
	force                                                  force
	month                                                  period.Month
	place                                                  knownPlace
	category                                               category
	outcome                                                uint32

	seenUTF8, seen1252 bool
	text               Text // for rows that are not plain
}

type force struct {
	number uint16
	code   string
	known  bool
}

type knownPlace struct {
	number uint32
	known  bool
}

type category struct {
	number uint16
	known  bool
	old    bool
}

func newStreetWorker(r *streetReader) *streetWorker {
	return &streetWorker{r: r, forces: map[string]force{}, places: map[string]knownPlace{}, locations: map[string]uint32{},
		outcomes: map[string]uint32{}, types: map[string]category{}, months: map[string]period.Month{}}
}

// start prepares for a file, whose columns may lie elsewhere than the last's.
func (w *streetWorker) start(r *streetReader) {
	copy(w.at[:], r.columns)
	w.cells = make([][]byte, 0, r.fields+1)
}

// begin prepares for a batch.
func (w *streetWorker) begin(b *records.Batch) {
	b.File = w.r.file
	w.batch, w.found = b, b.Findings
}

// The columns by their place in the declaration.
const (
	atID = iota
	atMonth
	atReported
	atFalls
	atLon
	atLat
	atLocation
	atLSOA
	atLSOAName
	atType
	atOutcome
	atContext
)

// cell returns the row's field of a column; nil for a column the file lacks.
func (w *streetWorker) cell(column int) []byte {
	i := w.at[column]
	if i < 0 || i >= len(w.cells) {
		return nil
	}
	c := w.cells[i]
	if len(c) > 0 && (c[0] <= ' ' || c[len(c)-1] <= ' ') {
		return bytes.TrimSpace(c)
	}
	return c
}

// doubt counts a case of a rule, with an example while examples are wanted.
func (w *streetWorker) doubt(rule, column int) {
	if !w.found.Wants(rule) {
		w.found.AddMany(rule, 1)
		return
	}
	e := records.Example{File: w.r.fileName, Line: w.line}
	if column >= 0 {
		e.Column, e.Value = policeUKSource.Columns[column].Name, string(w.cell(column))
	}
	w.found.Add(rule, e)
}

// row takes the row in cells.
func (w *streetWorker) row() {
	if len(w.cells) != w.r.fields && !w.even() {
		return
	}
	b := w.batch
	month, ok := w.monthOf(w.cell(atMonth))
	if !ok {
		return
	}
	force := w.forceOf(w.cell(atReported))
	kind := w.typeOf(w.cell(atType))
	lon, lat := w.point(w.cell(atLon), w.cell(atLat))
	b.Line = append(b.Line, uint32(w.line))
	b.Month = append(b.Month, month)
	b.Minute = append(b.Minute, records.NoTime)
	b.Weekday = append(b.Weekday, records.NoTime)
	b.Category = append(b.Category, kind.number)
	b.Force = append(b.Force, force.number)
	b.Outcome = append(b.Outcome, w.outcomeOf(w.cell(atOutcome)))
	b.Place = append(b.Place, w.placeOf(w.cell(atLSOA)))
	b.Location = append(b.Location, w.locationOf(w.cell(atLocation), lon))
	b.Count = append(b.Count, 1)
	b.Lon, b.Lat = append(b.Lon, lon), append(b.Lat, lat)
	w.id(w.cell(atID), kind)
	if falls := w.cell(atFalls); len(falls) > 0 && !bytes.Equal(falls, w.lastForce) {
		w.doubt(w.r.rules.falls, atFalls)
	}
	if len(w.cell(atContext)) > 0 {
		w.doubt(w.r.rules.context, atContext)
	}
}

// even settles a row that does not have the header's fields: empty ones beyond
// do no harm, a blank row is passed over, any other is told of.
func (w *streetWorker) even() bool {
	blank := true
	for _, c := range w.cells {
		blank = blank && len(bytes.TrimSpace(c)) == 0
	}
	if blank {
		w.doubt(w.r.rules.blankRow, -1)
		return false
	}
	extra := false
	for _, c := range w.cells[min(len(w.cells), w.r.fields):] {
		extra = extra || len(bytes.TrimSpace(c)) > 0
	}
	if len(w.cells) < w.r.fields || extra {
		w.found.Add(w.r.rules.ragged, records.Example{File: w.r.fileName, Line: w.line,
			Value: plural(int64(len(w.cells)), "field", "fields") + " where the header has " + strconv.Itoa(w.r.fields)})
		return false
	}
	return true
}

// monthOf reads the month. A row of nothing, or the header met again, has none
// and is passed over.
func (w *streetWorker) monthOf(b []byte) (period.Month, bool) {
	if w.month != 0 && bytes.Equal(b, w.lastMonth) {
		if w.r.wantMonth != 0 && w.month != w.r.wantMonth {
			w.doubt(w.r.rules.otherMonth, atMonth)
		}
		return w.month, true
	}
	m, ok := w.months[string(b)]
	if !ok {
		var err error
		if m, err = period.ParseMonth(string(b)); err != nil || !plausible(m) {
			w.noMonth(b)
			return 0, false
		}
		w.months[string(b)] = m
	}
	w.month, w.lastMonth = m, append(w.lastMonth[:0], b...)
	if w.r.wantMonth != 0 && m != w.r.wantMonth {
		w.doubt(w.r.rules.otherMonth, atMonth)
	}
	return m, true
}

func (w *streetWorker) noMonth(b []byte) {
	i := w.at[atMonth]
	switch {
	case i < len(w.r.header) && string(b) == w.r.header[i]:
		w.doubt(w.r.rules.headerAgain, -1)
	case w.blank():
		w.doubt(w.r.rules.blankRow, -1)
	default:
		w.doubt(w.r.rules.badMonth, atMonth)
	}
}

func (w *streetWorker) blank() bool {
	for _, c := range w.cells {
		if len(bytes.TrimSpace(c)) > 0 {
			return false
		}
	}
	return true
}

func (w *streetWorker) forceOf(b []byte) force {
	if !bytes.Equal(b, w.lastForce) || len(b) == 0 {
		f, ok := w.forces[string(b)]
		if !ok {
			sent, known := forceNamed(string(b))
			f = force{w.r.out.Force(sent), sent.Code, known}
			w.forces[string(b)] = f
		}
		w.force, w.lastForce = f, append(w.lastForce[:0], b...)
	}
	if !w.force.known {
		w.doubt(w.r.rules.unknownForce, atReported)
	} else if w.r.wantForce != "" && w.force.code != w.r.wantForce {
		w.doubt(w.r.rules.otherForce, atReported)
	}
	return w.force
}

func (w *streetWorker) typeOf(b []byte) category {
	if !bytes.Equal(b, w.lastType) || len(b) == 0 {
		c, ok := w.types[string(b)]
		if !ok {
			n, known := policeUKSource.CategoryOf(string(b))
			c = category{uint16(n), known, known && records.Fold(string(b)) != records.Fold(policeUKSource.Categories[n].Title)}
			if !known {
				c.number = records.UnknownCategory
			}
			w.types[string(b)] = c
		}
		w.category, w.lastType = c, append(w.lastType[:0], b...)
	}
	if !w.category.known {
		w.doubt(w.r.rules.unknownType, atType)
	} else if w.category.old {
		w.doubt(w.r.rules.oldType, atType)
	}
	return w.category
}

func (w *streetWorker) outcomeOf(b []byte) uint32 {
	if len(b) == 0 {
		return 0
	}
	if !bytes.Equal(b, w.lastOutcome) {
		n, ok := w.outcomes[string(b)]
		if !ok {
			n = w.r.out.Outcome(string(b))
			w.outcomes[string(b)] = n
		}
		w.outcome, w.lastOutcome = n, append(w.lastOutcome[:0], b...)
	}
	return w.outcome
}

func (w *streetWorker) placeOf(b []byte) uint32 {
	if len(b) == 0 {
		return 0
	}
	if !bytes.Equal(b, w.lastPlace) {
		p, ok := w.places[string(b)]
		if !ok {
			p = w.findPlace(string(b))
		}
		w.place, w.lastPlace = p, append(w.lastPlace[:0], b...)
	}
	if !w.place.known {
		w.doubt(w.r.rules.unknownLSOA, atLSOA)
	}
	return w.place.number
}

func (w *streetWorker) findPlace(code string) knownPlace {
	sent := records.SentPlace{Text: code}
	for _, l := range w.r.lsoas {
		if p, ok := l.atlas.Get(ids.Place{Level: l.level, Code: code}); ok {
			sent.At = append(sent.At, p.Place)
		}
	}
	p := knownPlace{w.r.out.Place(sent), len(sent.At) > 0}
	w.places[code] = p
	return p
}

func (w *streetWorker) locationOf(b []byte, lon int32) uint32 {
	if len(b) == 0 {
		if lon != records.NoPoint {
			w.doubt(w.r.rules.blankLocation, atLocation)
		}
		return 0
	}
	n, ok := w.locations[string(b)]
	if !ok {
		n = w.r.out.Location(string(b))
		if len(w.locations) < 1<<18 { // a file of ever new words must not fill the memory
			w.locations[string(b)] = n
		}
	}
	return n
}

// point reads longitude and latitude into millionths of a degree.
func (w *streetWorker) point(lon, lat []byte) (x, y int32) {
	if len(lon) == 0 && len(lat) == 0 {
		return records.NoPoint, records.NoPoint
	}
	x, ok1 := microDegrees(lon, 180)
	y, ok2 := microDegrees(lat, 90)
	if !ok1 || !ok2 {
		column := atLon
		if ok1 {
			column = atLat
		}
		w.doubt(w.r.rules.badPoint, column)
		return records.NoPoint, records.NoPoint
	}
	return x, y
}

// microDegrees reads a decimal number of degrees, rounded to millionths.
func microDegrees(b []byte, most int32) (int32, bool) {
	i, sign := 0, int32(1)
	if len(b) > 0 && (b[0] == '-' || b[0] == '+') {
		if b[0] == '-' {
			sign = -1
		}
		i = 1
	}
	whole, digits := int32(0), 0
	for ; i < len(b) && b[i]-'0' <= 9 && digits < 4; i++ {
		whole = whole*10 + int32(b[i]-'0')
		digits++
	}
	part, scale := int32(0), int32(1000000)
	if i < len(b) && b[i] == '.' {
		for i++; i < len(b) && b[i]-'0' <= 9 && scale > 1; i++ {
			scale /= 10
			part += int32(b[i]-'0') * scale
			digits++
		}
	}
	if i < len(b) || digits == 0 {
		return longDegrees(b, most)
	}
	if whole > most || whole == most && part > 0 {
		return 0, false
	}
	return sign * (whole*1000000 + part), true
}

// longDegrees reads what microDegrees does not: more than six decimals, or an
// exponent, as spreadsheets write very small numbers.
func longDegrees(b []byte, most int32) (int32, bool) {
	if len(b) == 0 || len(b) > 40 || bytes.IndexByte(b, '_') >= 0 {
		return 0, false
	}
	v, err := strconv.ParseFloat(string(b), 64)
	if err != nil || math.IsNaN(v) || math.Abs(v) > float64(most) {
		return 0, false
	}
	return int32(math.Round(v * 1e6)), true
}

// id keeps the crime's id.
func (w *streetWorker) id(b []byte, kind category) {
	n := len(w.batch.ID)
	w.batch.ID = append(w.batch.ID, [32]byte{})
	w.batch.HasID = append(w.batch.HasID, len(b) > 0)
	switch {
	case len(b) == 0:
		if kind.number != antiSocial {
			w.doubt(w.r.rules.blankID, -1)
		}
	case len(b) == 64 && unhex(&w.batch.ID[n], b):
	default:
		w.batch.ID[n] = sha256.Sum256(b)
		w.doubt(w.r.rules.oddID, atID)
	}
}

// antiSocial is the number of the category whose rows have no id.
var antiSocial = func() uint16 {
	n, _ := policeUKSource.CategoryOf("anti-social-behaviour")
	return uint16(n)
}()

// unhex reads 64 hexadecimal digits; false when there is another character.
func unhex(out *[32]byte, b []byte) bool {
	b = b[:64]
	var bad byte
	for i := range out {
		hi, lo := hexDigit[b[2*i]], hexDigit[b[2*i+1]]
		bad |= hi | lo
		out[i] = hi<<4 | lo&15
	}
	return bad&0x80 == 0
}

// hexDigit is the value of each digit, and 0x80 for every other byte.
var hexDigit = func() (t [256]byte) {
	for i := range t {
		t[i] = 0x80
	}
	for i := range 10 {
		t['0'+i] = byte(i)
	}
	for i := range 6 {
		t['a'+i], t['A'+i] = byte(10+i), byte(10+i)
	}
	return t
}()
