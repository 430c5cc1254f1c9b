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
	// tp-link.com/support/faq/2680 (Tapo), tp-link.com/support/faq/3502 (VIGI)
	{"TP-Link", "/stream1", []string{"/stream2"}},
	// github.com/CamioCam/rtsp/issues/133
	{"Uniview", "/unicast/c1/s0/live", []string{"/unicast/c1/s1/live"}},
	// ispyconnect.com/camera/uniview and ispyconnect.com/camera/sony: both makers have it
	{"Uniview", "/media/video1", []string{"/media/video2"}},
	// support.reolink.com/hc/en-us/articles/900000630706-Introduction-to-RTSP
	{"Reolink", "/h264Preview_01_main", []string{"/h264Preview_01_sub"}},
	{"Reolink", "/Preview_01_main", []string{"/Preview_01_sub"}},
	// developer.axis.com/video-streaming-and-recording/video-streaming/reference/rtsp-endpoints
	{"Axis", "/axis-media/media.amp", nil},
	// support.hanwhavision.eu/hc/en-gb/articles/4414178841746-RTSP-URL-s: profile 2 is H.264, 1 Motion JPEG
	{"Hanwha", "/profile2/media.smp", []string{"/profile3/media.smp"}},
	// knowledge.keenfinity-group.com, "How is RTSP usage supported with Bosch VIP Devices?"
	{"Bosch", "/rtsp_tunnel?inst=1", []string{"/rtsp_tunnel?inst=2"}},
	// i-pro.com, "Network camera CGI command interface specifications", RTSP
	{"i-PRO", "/MediaInput/h264/stream_1", []string{"/MediaInput/h264/stream_2"}},
	// github.com/CamioCam/rtsp/issues/72
	{"Vivotek", "/live.sdp", []string{"/live2.sdp"}},
	// foscam.com/faqs, "What is the RTSP command of Foscam cameras?"
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
	// what many small servers have, such as those of phones and of GStreamer's examples
	{"", "/live", nil},
	{"", "/stream", nil},
	{"", "/onvif1", []string{"/onvif2"}},
	// the server's own first stream: RFC 2326 lets a client ask for no path at all
	{"", "/", nil},
}
