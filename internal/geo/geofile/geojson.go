package geofile

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"openvru/internal/errs"
	"openvru/internal/geo"
)

// readGeoJSON reads a FeatureCollection, one feature at a time.
func readGeoJSON(name string, in *bufio.Reader) (Features, error) {
	if bom, _ := in.Peek(3); bytes.Equal(bom, []byte("\xef\xbb\xbf")) {
		_, _ = in.Discard(3) // three bytes that Peek has already buffered
	}
	limited := &valueLimit{name: name, r: in, left: maxValue}
	c := collection{name: name, limited: limited, decoder: json.NewDecoder(limited), out: Features{Kind: GeoJSON}}
	if err := c.read(); err != nil {
		return Features{}, c.explain(err)
	}
	return c.out, c.out.settle(name, c.system)
}

// collection is a FeatureCollection on its way in.
type collection struct {
	name     string
	limited  *valueLimit
	decoder  *json.Decoder
	out      Features
	system   System
	typeName string
	seen     bool // the list of features has been read
	vertices int
}

// maxValue is the most that may be read for one feature: the decoder holds it
// whole.
const maxValue = 256 << 20

// valueLimit stops a value that would fill the memory.
type valueLimit struct {
	name string
	r    io.Reader
	left int
}

// Read reads on while the allowance lasts.
func (v *valueLimit) Read(p []byte) (int, error) {
	if v.left <= 0 {
		return 0, errs.New(errs.Invalid, "%q has a feature of more than %d MiB.", v.name, maxValue>>20).
			WithHint("Use generalised boundaries, or give the areas as more than one feature.")
	}
	n, err := v.r.Read(p[:min(len(p), v.left)])
	v.left -= n
	return n, err
}

func (c *collection) read() error {
	if _, err := c.decoder.Token(); err != nil { // the opening brace
		return err
	}
	for c.decoder.More() {
		key, err := c.decoder.Token()
		if err != nil {
			return err
		}
		if err := c.readMember(key.(string)); err != nil { // a key is a string
			return err
		}
	}
	if _, err := c.decoder.Token(); err != nil {
		return err
	}
	if _, err := c.decoder.Token(); err != io.EOF {
		return errs.New(errs.Invalid, "%q goes on after its end, at byte %d.", c.name, c.decoder.InputOffset()).
			WithHint("Two files may have been joined: give them one by one.")
	}
	if !c.seen {
		what := ""
		if c.typeName != "" {
			what = fmt.Sprintf(": it is a %q", c.typeName)
		}
		return errs.New(errs.Invalid, "%q has no list of features%s.", c.name, what).
			WithHint("Give a GeoJSON FeatureCollection, with one feature for each place.")
	}
	return nil
}

func (c *collection) readMember(key string) error {
	switch key {
	case "type":
		return c.decoder.Decode(&c.typeName)
	case "name":
		var name any // any value may stand here; only a text is of use
		err := c.decoder.Decode(&name)
		c.out.Layer, _ = name.(string)
		return err
	case "crs":
		return c.readSystem()
	case "features":
		return c.readList()
	}
	var ignored json.RawMessage
	return c.decoder.Decode(&ignored)
}

// readSystem reads the "crs" member that older GeoJSON has.
func (c *collection) readSystem() error {
	var crs *struct {
		Properties struct{ Name string }
	}
	if err := c.decoder.Decode(&crs); err != nil || crs == nil {
		return err
	}
	system, err := systemOf(c.name, crs.Properties.Name)
	c.system = system
	return err
}

func (c *collection) readList() error {
	if open, err := c.decoder.Token(); err != nil {
		return err
	} else if open != json.Delim('[') || c.seen {
		return errs.New(errs.Invalid, "%q does not have one list of features, near byte %d.", c.name, c.decoder.InputOffset()).
			WithHint("Give a GeoJSON FeatureCollection with one list called \"features\".")
	}
	c.seen = true
	for c.decoder.More() {
		c.limited.left = maxValue
		var raw rawFeature
		if err := c.decoder.Decode(&raw); err != nil {
			return err
		}
		feature, err := raw.feature()
		if err != nil {
			return c.inFeature(err)
		}
		if err := c.out.add(c.name, feature, &c.vertices); err != nil {
			return err
		}
	}
	_, err := c.decoder.Token()
	return err
}

// rawFeature is a feature as it stands in the file.
type rawFeature struct {
	Properties json.RawMessage
	Geometry   *struct {
		Type        string
		Coordinates json.RawMessage
	}
}

func (r *rawFeature) feature() (Feature, error) {
	properties, err := readProperties(r.Properties)
	if err != nil {
		return Feature{}, err
	}
	if r.Geometry == nil {
		return Feature{Properties: properties}, nil
	}
	c := coordinates{text: r.Geometry.Coordinates}
	var shape geo.MultiPolygon
	switch r.Geometry.Type {
	case "Polygon":
		shape = geo.MultiPolygon{c.polygon()}
	case "MultiPolygon":
		shape = c.multiPolygon()
	default:
		return Feature{}, errNotAnArea(r.Geometry.Type)
	}
	if c.failed {
		return Feature{}, errs.New(errs.Invalid, "the coordinates of the %s are not lists of numbers as they should be", r.Geometry.Type)
	}
	return Feature{properties, shape}, nil
}

func errNotAnArea(kind string) error {
	return errs.New(errs.Invalid, "it is a %q, not an area", kind).
		WithHint("Give a file of boundaries: every feature should be a Polygon or a MultiPolygon.")
}

// readProperties reads a JSON object, keeping its order. A value that is a
// list or an object is kept as the JSON it is written in.
func readProperties(raw json.RawMessage) (Properties, error) {
	if len(raw) == 0 || raw[0] != '{' {
		return nil, nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	var out Properties
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, err
		}
		text, err := plainText(value)
		if err != nil {
			return nil, err
		}
		out = append(out, Property{key.(string), text})
	}
	return out, nil
}

func plainText(value json.RawMessage) (string, error) {
	switch {
	case len(value) == 0 || string(value) == "null":
		return "", nil
	case value[0] == '"':
		var text string
		err := json.Unmarshal(value, &text)
		return text, err
	}
	return string(value), nil
}

// inFeature says which feature an error is about.
func (c *collection) inFeature(err error) error {
	hint := errs.HintOf(err)
	if hint == "" {
		hint = "Export the file again, or take that feature out."
	}
	return errs.New(errs.Invalid, "%q, feature %d: %s.", c.name, len(c.out.List)+1, err).WithHint("%s", hint)
}

// explain turns the decoder's errors into sentences.
func (c *collection) explain(err error) error {
	var syntax *json.SyntaxError
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return errs.New(errs.Invalid, "%q is not valid JSON at byte %d, in feature %d.", c.name, syntax.Offset, len(c.out.List)+1).
			WithHint("The file may have been edited by hand or cut short: fetch it again.")
	case errors.As(err, &wrong):
		return errs.New(errs.Invalid, "%q has a %s where GeoJSON has another kind of value, in feature %d.",
			c.name, wrong.Value, len(c.out.List)+1).WithHint("Export the file again as a GeoJSON FeatureCollection.")
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return errs.New(errs.Invalid, "%q ends in the middle, after %d whole features.", c.name, len(c.out.List)).
			WithHint("The download was cut short: fetch the file again.")
	}
	return cannotRead(c.name, err)
}
