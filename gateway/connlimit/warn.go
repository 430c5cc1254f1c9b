package connlimit

import "log/slog"

// Warn logs what a stranger can cause as often as they like: each message, for each
// reason, at most once a minute, with a count of those left out.
func (l *LogLimiter) Warn(log *slog.Logger, message, reason string, args ...any) {
	if muted, ok := l.Allow(message + " " + reason); ok {
		log.Warn(message, append(args, "reason", reason, "muted", muted)...)
	}
}
