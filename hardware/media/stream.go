package media

import "strings"

// StreamID names a masked stream: a camera's own, or its sub-stream, the same pictures
// made smaller for walls and phones.
type StreamID struct {
	Camera CameraID
	Sub    bool
}

// subSuffix follows the camera's name in a sub-stream's.
const subSuffix = "/sub"

// ParseStreamID reads what String writes: "lobby", or "lobby/sub" for its sub-stream.
func ParseStreamID(s string) (StreamID, error) {
	camera, sub := strings.CutSuffix(s, subSuffix)
	id, err := ParseCameraID(camera)
	return StreamID{id, sub}, err
}

func (s StreamID) String() string {
	if s.Sub {
		return string(s.Camera) + subSuffix
	}
	return string(s.Camera)
}
