package wire

// Failure is an error with the code that stands for it on the pipe; its text is Err's.
type Failure struct {
	Code FailCode
	Err  error
}

func (f Failure) Error() string { return f.Err.Error() }
func (f Failure) Unwrap() error { return f.Err }
