package floors

// kept are names and messages that hold a retired word in another sense, or because a
// stored file, an API, a topic or a text for people has it; with the reason.
var kept = map[string]string{}
