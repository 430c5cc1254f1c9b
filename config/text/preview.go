package text

// Why a live preview was refused.
const (
	PreviewOffer       Key = "preview.offer"
	PreviewNoH264      Key = "preview.no_h264"
	PreviewBusy        Key = "preview.busy"
	PreviewCameraBusy  Key = "preview.camera_busy"
	PreviewAddressBusy Key = "preview.address_busy"
	PreviewStopped     Key = "preview.stopped"
)

var preview = table{
	PreviewOffer:       {"the live preview cannot answer this request: use a current browser, or watch the snapshots", "无法建立实时预览：请使用较新的浏览器，或改看快照"},
	PreviewNoH264:      {"this browser does not take H.264 video: use another one, or watch the snapshots", "此浏览器不支持 H.264 视频：请换用其他浏览器，或改看快照"},
	PreviewBusy:        {"all %d live previews are in use: close one elsewhere, or watch the snapshots", "%d 路实时预览已全部占用：请先关闭其他页面上的预览，或改看快照"},
	PreviewCameraBusy:  {"all %d live previews of this camera are in use: close one elsewhere, or watch the snapshots", "该摄像机的 %d 路实时预览已全部占用：请先关闭其他页面上的预览，或改看快照"},
	PreviewAddressBusy: {"this address has %d live previews open already: close one of them, or watch the snapshots", "该地址已打开 %d 路实时预览：请先关闭其中一路，或改看快照"},
	PreviewStopped:     {"the gateway is stopping: try again when it runs", "网关正在停止：请在其恢复运行后重试"},
}
