// Package stops ends what was started, in reverse.
package stops

// Stack holds how the parts that run are stopped; the zero value is empty. It is not for
// several goroutines at once.
type Stack struct{ all []func() }

// Push adds what stops the part that was started last.
func (s *Stack) Push(stop func()) { s.all = append(s.all, stop) }

// Run stops all parts, the last one first; a second call does nothing.
func (s *Stack) Run() {
	for len(s.all) > 0 {
		last := len(s.all) - 1
		stop := s.all[last]
		s.all = s.all[:last]
		stop()
	}
}
