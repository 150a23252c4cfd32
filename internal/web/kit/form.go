package kit

import "openvru/internal/errs"

// FieldError is something wrong with a field of a form.
type FieldError struct {
	Field string // the id of the input; "" for the form as a whole
	Text  string
}

// FieldErr makes a refusal that a person can mend into an error of a field.
// Any other error, ours or a refusal of permission, is returned as it is.
func FieldErr(field string, err error) (FieldError, error) {
	switch errs.KindOf(err) {
	case errs.Invalid, errs.Conflict, errs.NotFound:
		text := sentence(errs.MessageOf(err))
		if hint := errs.HintOf(err); hint != "" {
			text += " " + sentence(hint)
		}
		return FieldError{field, text}, nil
	}
	return FieldError{}, err
}

// ErrorOf returns what is wrong with a field, "" when nothing is.
func (f *Frame) ErrorOf(field string) string {
	for _, e := range f.Errors {
		if e.Field == field {
			return e.Text
		}
	}
	return ""
}

// Option is one choice of a select.
type Option struct {
	Value, Text string
	Selected    bool
}

// Options makes choices of pairs of value and text, with one selected.
func Options(selected string, pairs ...[2]string) []Option {
	out := make([]Option, len(pairs))
	for i, p := range pairs {
		out[i] = Option{p[0], p[1], p[0] == selected}
	}
	return out
}
