package text

// CameraState returns the word for a camera's phase, such as "online"; an
// unknown phase gives CameraUnknown.
func CameraState(phase string) Key {
	if key := Key("camera.state." + phase); Has(key) {
		return key
	}
	return CameraUnknown
}

// Protection returns the word for a protection state as MQTT carries it; an
// unknown one gives ProtectionUnknown.
func Protection(state string) Key {
	if key := Key("protection." + state); Has(key) {
		return key
	}
	return ProtectionUnknown
}

// The words for cameras and their protection; each key ends in the code that
// the functions above take.
const (
	CameraConnecting Key = "camera.state.connecting"
	CameraOnline     Key = "camera.state.online"
	CameraWaiting    Key = "camera.state.waiting"
	CameraOffline    Key = "camera.state.offline"
	CameraStopped    Key = "camera.state.stopped"
	CameraBlocked    Key = "camera.state.blocked"
	CameraUnknown    Key = "camera.state.unknown"

	ProtectionProtected  Key = "protection.protected"
	ProtectionOverMasked Key = "protection.over_masked"
	ProtectionBlocked    Key = "protection.blocked"
	ProtectionOffline    Key = "protection.offline"
	ProtectionUnknown    Key = "protection.unknown"
)

var camera = table{
	CameraConnecting: {"connecting", "正在连接"},
	CameraOnline:     {"online", "在线"},
	CameraWaiting:    {"waiting for the next try", "等待重试"},
	CameraOffline:    {"offline", "离线"},
	CameraStopped:    {"stopped", "已停止"},
	CameraBlocked:    {"blocked", "已封锁"},
	CameraUnknown:    {"unknown", "未知"},

	ProtectionProtected:  {"protected", "已保护"},
	ProtectionOverMasked: {"protected, masked more than needed", "已保护（遮挡多于必要）"},
	ProtectionBlocked:    {"blocked", "已封锁"},
	ProtectionOffline:    {"offline", "离线"},
	ProtectionUnknown:    {"unknown", "未知"},
}
