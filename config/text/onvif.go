package text

// Why a camera found on the network, or typed in, gave no streams.
const (
	ONVIFAddress        Key = "onvif.address"
	ONVIFLoginInAddress Key = "onvif.login_in_address"
	ONVIFNotLocal       Key = "onvif.not_local"
	ONVIFUnreachable    Key = "onvif.unreachable"
	ONVIFLogin          Key = "onvif.login"
	ONVIFProtocol       Key = "onvif.protocol"
	ONVIFNoStreams      Key = "onvif.no_streams"
)

var discovery = table{
	ONVIFAddress:        {"this is no device's address: write its IP address, as the label or the router shows it", "这不是设备地址：请填写设备标签或路由器上显示的 IP 地址"},
	ONVIFLoginInAddress: {"the address holds a login: give user and password apart from it", "地址中含有登录信息：请单独填写用户名和密码"},
	ONVIFNotLocal:       {"the address is not on a local network: only cameras of this building are asked", "该地址不在局域网内：只能查询本建筑内的摄像机"},
	ONVIFUnreachable:    {"no answer from the device: check its power and cable, and that this box is on its network", "设备没有应答：请检查电源和网线，并确认本机与其处于同一网络"},
	ONVIFLogin:          {"the device refuses the login: give the user and password of its ONVIF account, which some makers keep apart from the one of its web page", "设备拒绝登录：请填写其 ONVIF 账号的用户名和密码，部分厂商的该账号与网页账号不同"},
	ONVIFProtocol:       {"what answers there does not speak ONVIF: switch ONVIF on in the camera's settings, or type the stream's address", "该地址的应答不符合 ONVIF：请在摄像机设置中启用 ONVIF，或直接填写视频流地址"},
	ONVIFNoStreams:      {"the device offers no video stream: type the stream's address from its manual", "设备没有提供视频流：请按说明书直接填写视频流地址"},
}
