package console_test

import (
	"testing"

	"github.com/bauta-gateway/bauta/gateway/onvif/onviftest"
)

// A manager names another network, finds a camera there that calls itself 0.0.0.0, and sees
// its streams; networks of others are refused in words.
func TestCameraOnAnotherNetwork(t *testing.T) {
	for _, c := range oneOf(t, []struct {
		lang, host    string
		width, height int64
	}{{"en", "127.0.11.1", 1280, 900}, {"zh-CN", "127.0.11.2", 360, 740}}) {
		t.Run(c.lang, func(t *testing.T) {
			h, _ := onviftest.With("any address")
			camera, err := onviftest.Start(c.host, h)
			if err != nil {
				t.Skipf("no second loopback address on this host: %v", err)
			}
			t.Cleanup(camera.Close)
			b := openBrowser(t, c.width, c.height)
			s := walkthrough{b, mouse{browser: b}, startGateway(t), c.lang, true}
			s.setUp()
			s.open(s.url + "/cameras/new")
			s.waitFor("#discover")
			s.userInput.press("#find details summary")
			s.userInput.write("#range", "8.8.8.0/24")
			s.userInput.press("#discover")
			s.wait("public addresses are refused", "document.querySelector('#found')?.textContent.includes('8.8.8.0/24')")
			s.page("a network of others")
			s.js("document.querySelector('#range').value = ''", nil)
			s.userInput.write("#range", c.host)
			s.userInput.press("#discover")
			s.wait("the camera is found", "document.querySelector('#found li')?.textContent.includes('Lobby')")
			s.page("a camera on another network")
			s.userInput.press("#found li button")
			s.userInput.press("#found li form button")
			s.wait("its stream can be chosen", "document.querySelector('#found select')?.value === 'rtsp://"+c.host+":554/main?a=1&b=2'")
			s.page("its streams")
		})
	}
}
