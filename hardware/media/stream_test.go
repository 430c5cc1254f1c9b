package media

import "testing"

func TestStreamID(t *testing.T) {
	for _, s := range []string{"lobby", "lobby/sub", "sub", "sub/sub"} {
		if id, err := ParseStreamID(s); err != nil || id.String() != s {
			t.Errorf("%q is %+v, %v", s, id, err)
		}
	}
	for _, s := range []string{"", "/sub", "lobby/", "lobby/main", "lobby/sub/sub", "Lobby"} {
		if id, err := ParseStreamID(s); err == nil {
			t.Errorf("%q is %+v", s, id)
		}
	}
}
