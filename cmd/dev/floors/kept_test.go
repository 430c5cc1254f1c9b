package floors

// kept are names that hold a retired word in another sense, or because a stored file, the
// API, a topic or a library has it.
var kept = map[string]string{
	"LookAhead": "the field's word for frames that are held back", "lookAhead": "the same", "LookAheadMS": "the same, a field of the API", "MaxLookAhead": "the same",
	"LookPath": "of package os/exec",

	"Closer": "of package io", "ReadCloser": "of package io", "WriteCloser": "of package io", "NopCloser": "of package io", "TPMCloser": "of a library",

	"Board": "of electronics", "board": "of electronics", "CheckBoard": "of electronics",

	"Pictures": "a field of the API", "CodeNoPicture": "a code of the API", "LevelPicture": "a level on MQTT",
	"Film": "a field of redact's report", "Trail": "a field of a pack's manifest",

	"PictureParameterSets": "of a library, a term of H.264", "NumOfPictureParameterSets": "of a library", "PictureLossIndication": "of a library, a term of RTCP",
	"AV_PICTURE_TYPE_NONE": "of libavutil", "AV_PICTURE_TYPE_I": "of libavutil",
	"PtracePokeData": "a system call",
}
