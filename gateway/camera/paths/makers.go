package paths

// maker is where the cameras of one maker mostly have their streams: the path of the main one,
// and those of its smaller ones.
type maker struct {
	name string
	main string
	more []string
}

// makers are tried in this order: the more there are of a maker's cameras, the earlier. Each has
// the public page that names its paths.
var makers = []maker{
	// techage.com/blogs/news/what-is-the-url-format-for-rtsp-hikvision; also EZVIZ and HiLook
	{"Hikvision", "/Streaming/Channels/101", []string{"/Streaming/Channels/102"}},
	// dahuawiki.com/Remote_Access/RTSP_via_VLC; also Amcrest, Imou and Lorex
	{"Dahua", "/cam/realmonitor?channel=1&subtype=0", []string{"/cam/realmonitor?channel=1&subtype=1"}},
	// tapo.com/en/faq/34
	{"TP-Link", "/stream1", []string{"/stream2"}},
	// github.com/CamioCam/rtsp/issues/133
	{"Uniview", "/unicast/c1/s0/live", []string{"/unicast/c1/s1/live"}},
	// Uniview's under other names: github.com/ch-bas/cctv-camera-database/pull/261; Sony: github.com/CamioCam/rtsp/issues/154
	{"", "/media/video1", []string{"/media/video2"}},
	// support.reolink.com/hc/en-us/articles/900000630706-What-is-RTSP
	{"Reolink", "/h264Preview_01_main", []string{"/h264Preview_01_sub"}},
	{"Reolink", "/Preview_01_main", []string{"/Preview_01_sub"}},
	// developer.axis.com/video-streaming-and-recording/video-streaming/reference/rtsp-endpoints
	{"Axis", "/axis-media/media.amp", nil},
	// support.hanwhavision.eu/hc/en-gb/articles/4414178841746-RTSP-URL-s: profile 2 is H.264, 1 Motion JPEG
	{"Hanwha", "/profile2/media.smp", []string{"/profile3/media.smp"}},
	// knowledge.keenfinity-group.com, "How is RTSP usage supported with Bosch VIP Devices?"
	{"Bosch", "/rtsp_tunnel?inst=1", []string{"/rtsp_tunnel?inst=2"}},
	// github.com/CamioCam/rtsp/issues/72
	{"Vivotek", "/live.sdp", []string{"/live2.sdp"}},
	// github.com/CamioCam/rtsp/issues/117
	{"Foscam", "/videoMain", []string{"/videoSub"}},
	// github.com/CamioCam/rtsp/issues/168
	{"Ubiquiti", "/s0", []string{"/s1"}},
	// older ones of Hikvision: blog.csdn.net/JKAZAN/article/details/77351774
	{"Hikvision", "/h264/ch1/main/av_stream", []string{"/h264/ch1/sub/av_stream"}},
	// help.dayta.ai/knowledge-base/how-do-i-get-the-rtsp-stream-url-from-my-camera
	{"", "/live/ch0", []string{"/live/ch1"}},
	// avycon.freshdesk.com, "RTSP syntax for plug & play series IP cameras"
	{"", "/profile1", []string{"/profile2"}},
	// github.com/CamioCam/rtsp/issues/149
	{"", "/11", []string{"/12"}},
	// github.com/alienatedsec/yi-hack-v5/issues/468
	{"", "/ch0_0.h264", []string{"/ch0_1.h264"}},
	// github.com/hi35xx/hi35xx-buildroot/issues/7
	{"", "/0", []string{"/1"}},
	// Sony's newer ones: github.com/CamioCam/rtsp/issues/114
	{"", "/video1", []string{"/video2"}},
	// V380: github.com/ch-bas/cctv-camera-database/pull/261
	{"", "/live/ch00_1", []string{"/live/ch00_0"}},
	// smartcamalerts.com/blog/rtsp-camera-setup.html
	{"", "/live", nil},
	// github.com/CamioCam/rtsp/issues/169
	{"", "/", []string{"/v2"}},
}
