package testclient

import (
	"slices"
	"time"
)

// row is a line of a timeline as it is shown: an event, or how many are left out.
type row struct {
	e    *event
	more int
}

// focus is what must not be left out.
type focus struct {
	mark *event   // the event to be pointed at; may be nil
	who  string   // the client that it is about; may be empty
	why  []*event // what its server has logged about the end of that client's connection
}

// crowd is with how many clients a timeline shows the one that it is about.
const crowd = 6

// elide cuts rows down to limit: first what one client does over and over at one instant,
// then all but the beginning, the end, and what the focus is on.
func elide(rows []row, limit int, show focus) []row {
	if len(rows) <= limit {
		return rows
	}
	if rows = collapse(rows, show.mark); len(rows) <= limit {
		return rows
	}
	if show.who != "" && clients(rows) >= crowd {
		return among(rows, limit, show)
	}
	ends := limit / 4
	from, to := len(rows)-(limit-ends-1), len(rows)
	for i, r := range rows {
		if r.e != nil && r.e == show.mark {
			window := limit - 2*ends - 2
			from, to = i-window*2/3, i-window*2/3+window
		}
	}
	return leaveOut(rows, func(i int) bool {
		return i < ends || i >= len(rows)-ends || i >= from && i < to || slices.Contains(show.why, rows[i].e)
	})
}

// among shows the last that one client did and got, and little of the others.
func among(rows []row, limit int, show focus) []row {
	ends, left := limit/8, limit/3 // each may need a gap before it
	keep := map[int]bool{}
	for i := len(rows) - 1; i >= 0 && left > 0; i-- {
		if e := rows[i].e; e != nil && (e.who == show.who || e == show.mark) {
			keep[i] = true
			left--
		}
	}
	return leaveOut(rows, func(i int) bool {
		return i < ends || i >= len(rows)-ends || keep[i] || slices.Contains(show.why, rows[i].e)
	})
}

func clients(rows []row) int {
	names := map[string]bool{}
	for _, r := range rows {
		if r.e != nil && r.e.who != "" {
			names[r.e.who] = true
		}
	}
	return len(names)
}

// leaveOut replaces what is not to be kept by gaps.
func leaveOut(rows []row, keep func(i int) bool) []row {
	var kept []row
	for i, r := range rows {
		last := len(kept) - 1
		switch {
		case keep(i):
			kept = append(kept, r)
		case last >= 0 && kept[last].e == nil:
			kept[last].more += r.count()
		default:
			kept = append(kept, row{more: r.count()})
		}
	}
	return kept
}

func (r row) count() int {
	if r.e != nil {
		return 1
	}
	return r.more
}

// collapse replaces the middle of each run of like events by a gap.
func collapse(rows []row, mark *event) []row {
	const least = 5 // shorter runs stay
	var kept []row
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[0].like(rows[n]) && rows[n].e != mark {
			n++
		}
		if n < least || rows[0].e == mark {
			n = min(n, least)
			kept = append(kept, rows[:n]...)
		} else {
			kept = append(kept, rows[0], row{more: n - 2}, rows[n-1])
		}
		rows = rows[n:]
	}
	return kept
}

// like tells whether two events are messages of one client in one direction at one instant.
func (r row) like(other row) bool {
	type kind struct {
		at        time.Duration
		who, what string
	}
	of := func(e *event) kind { return kind{e.at, e.who, e.what} }
	return r.e != nil && other.e != nil && r.e.data != nil && of(r.e) == of(other.e)
}
