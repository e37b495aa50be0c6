package conformance

import (
	"fmt"
	"strings"

	"wsworkshop/pkg/testclient"
)

// kuhnRow is a group of texts of Markus Kuhn's "UTF-8 decoder capability and stress test"
// (https://www.cl.cam.ac.uk/~mgk25/ucs/examples/UTF-8-test.txt), as Autobahn numbers them from 6.5
// on.
type kuhnRow struct {
	about string
	texts []kuhnText
}

type kuhnText struct {
	text  string
	valid bool
}

func valid(texts ...string) []kuhnText    { return kuhnTexts(true, texts) }
func invalids(texts ...string) []kuhnText { return kuhnTexts(false, texts) }

func kuhnTexts(valid bool, texts []string) []kuhnText {
	var rows []kuhnText
	for _, text := range texts {
		rows = append(rows, kuhnText{text, valid})
	}
	return rows
}

// lacking are sequences whose last byte is missing.
var lacking = []string{
	"\xc0", "\xe0\x80", "\xf0\x80\x80", "\xf8\x80\x80\x80", "\xfc\x80\x80\x80\x80",
	"\xdf", "\xef\xbf", "\xf7\xbf\xbf", "\xfb\xbf\xbf\xbf", "\xfd\xbf\xbf\xbf\xbf",
}

var kuhnTable = []kuhnRow{
	{"characters of one to four bytes", valid("hello$world", "hello¢world", "hello€world", "hello\U00024b62world", greek)},
	{"a prefix of a text", prefixes(greek)},
	{"the first character of a length", valid("\x00", "\xc2\x80", "\xe0\xa0\x80", "\xf0\x90\x80\x80")},
	{"the first sequence of five or six bytes", invalids("\xf8\x88\x80\x80\x80", "\xfc\x84\x80\x80\x80\x80")},
	{"the last character of a length", valid("\x7f", "\xdf\xbf", "\xef\xbf\xbf", "\xf4\x8f\xbf\xbf")},
	{"the last sequence of four to six bytes", invalids("\xf7\xbf\xbf\xbf", "\xfb\xbf\xbf\xbf\xbf", "\xfd\xbf\xbf\xbf\xbf\xbf")},
	{"a boundary", append(valid("\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbd", "\xf4\x8f\xbf\xbf"), invalids("\xf4\x90\x80\x80")...)},
	{"continuation bytes alone", invalids("\x80", "\xbf", "\x80\xbf", "\x80\xbf\x80", "\x80\xbf\x80\xbf",
		"\x80\xbf\x80\xbf\x80", "\x80\xbf\x80\xbf\x80\xbf", bytesFrom(0x80, 0xbf, ""))},
	{"first bytes alone, each before a space", invalids(bytesFrom(0xc0, 0xdf, " "), bytesFrom(0xe0, 0xef, " "),
		bytesFrom(0xf0, 0xf7, " "), bytesFrom(0xf8, 0xfb, " "), bytesFrom(0xfc, 0xfd, " "))},
	{"a sequence without its last byte", invalids(lacking...)},
	{"many sequences without their last bytes", invalids(strings.Join(lacking, ""))},
	{"bytes that are never in UTF-8", invalids("\xfe", "\xff", "\xfe\xfe\xff\xff")},
	{"a slash that is too long", invalids("\xc0\xaf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf", "\xf8\x80\x80\x80\xaf", "\xfc\x80\x80\x80\x80\xaf")},
	{"the last sequence that is too long", invalids("\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf", "\xf8\x87\xbf\xbf\xbf", "\xfc\x83\xbf\xbf\xbf\xbf")},
	{"a NUL that is too long", invalids("\xc0\x80", "\xe0\x80\x80", "\xf0\x80\x80\x80", "\xf8\x80\x80\x80\x80", "\xfc\x80\x80\x80\x80\x80")},
	{"a surrogate", invalids("\xed\xa0\x80", "\xed\xad\xbf", "\xed\xae\x80", "\xed\xaf\xbf", "\xed\xb0\x80", "\xed\xbe\x80", "\xed\xbf\xbf")},
	{"two surrogates", invalids("\xed\xa0\x80\xed\xb0\x80", "\xed\xa0\x80\xed\xbf\xbf", "\xed\xad\xbf\xed\xb0\x80", "\xed\xad\xbf\xed\xbf\xbf",
		"\xed\xae\x80\xed\xb0\x80", "\xed\xae\x80\xed\xbf\xbf", "\xed\xaf\xbf\xed\xb0\x80", "\xed\xaf\xbf\xed\xbf\xbf")},
	{"a code point that is no character, which is UTF-8 still", valid(noncharacters()...)},
	{"a special code point", valid("\ufff9", "\ufffa", "\ufffb", "\ufffc", "\ufffd", "\ufffe", "\uffff")},
}

// prefixes are all prefixes of a text. Those that end between two characters are UTF-8.
func prefixes(text string) []kuhnText {
	var rows []kuhnText
	for n := 1; n <= len(text); n++ {
		rows = append(rows, kuhnText{text[:n], text[:n] == strings.ToValidUTF8(text[:n], "")})
	}
	return rows
}

// bytesFrom are the bytes from first to before last, with a separator after each.
func bytesFrom(first, last byte, after string) string {
	var text strings.Builder
	for b := first; b < last; b++ {
		text.WriteByte(b)
		text.WriteString(after)
	}
	return text.String()
}

// noncharacters are the last two code points of each plane.
func noncharacters() []string {
	var texts []string
	for plane := range rune(17) {
		texts = append(texts, string(plane<<16|0xfffe), string(plane<<16|0xffff))
	}
	return texts
}

// kuhn are Autobahn's sections 6.5 to 6.23.
func (b *book) kuhn() {
	for i, row := range kuhnTable {
		for j, t := range row.texts {
			c := Case{
				ID: fmt.Sprintf("6.%d.%d", 5+i, 1+j), Section: "8.1", Asks: badTextAsks, end: badText,
				Title: fmt.Sprintf("Sends a text message with %s: %+q.", row.about, t.text),
				steps: []step{send(frame(testclient.OpText, b.s.message(t.text)))},
			}
			if t.valid {
				c.Asks, c.Section = "The text is UTF-8. The server answers it.", "5.6"
				c.want, c.end = []reply{text(b.s.message(t.text))}, clean
			}
			b.add(c)
		}
	}
}
