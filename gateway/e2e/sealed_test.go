package e2e

import (
	"bytes"
	"io"
	"os"
	"slices"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"

	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// twoGroups makes keys with one holder each, and gives them to the gateway.
func twoGroups(t *testing.T, client *api.Client) (ids []age.Identity) {
	t.Helper()
	var k sealed.Keys
	for g := range k {
		id, err := age.GenerateX25519Identity()
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
		k[g].Holders = []sealed.Holder{{Label: "holder", Key: id.Recipient().String()}}
	}
	if err := client.SetSealedKeys(t.Context(), k); err != nil {
		t.Fatal(err)
	}
	return ids
}

// openAll opens all that is sealed of a camera.
func openAll(t *testing.T, dir string, id media.CameraID, ids []age.Identity) (units []media.Raw) {
	t.Helper()
	root := os.DirFS(dir)
	all, err := sealed.Find(root, id, time.Time{}, time.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		f, err := sealed.Open(root, id, s.Header.Sequence)
		if err != nil {
			t.Fatal(err)
		}
		var shares []sealed.Share
		for _, i := range ids {
			share, err := sealed.ShareOf(f.Header, f.Body(f), i)
			if err != nil {
				t.Fatal(err)
			}
			shares = append(shares, share)
		}
		in, err := f.Units(f, shares)
		if err != nil {
			t.Fatal(err)
		}
		for {
			u, err := in.Next()
			if err == io.EOF {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			units = append(units, u)
		}
		f.Close()
	}
	return units
}

// The originals of cameras are sealed from their sources: each slice comes out bit for bit as the
// camera sent it, and nothing of the footage lies on the disk in clear.
func TestE2EOriginals(t *testing.T) {
	for codec, args := range map[string][]string{
		"h264": {"-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "10", "-bf", "0"},
		"h265": {"-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:keyint=10:bframes=0:pools=1"},
	} {
		t.Run(codec, func(t *testing.T) {
			file := convert(t, clip(t), codec+".mp4", append([]string{"-an", "-vf", "scale=320:240,fps=10", "-t", "3"}, args...)...)
			sent := slicesOf(t, file, codec)
			r := startRelay(t)
			r.feed(t, "-re", "-stream_loop", "-1", "-i", file, "-an", "-c:v", "copy")
			cfg := settings(t)
			g, client := start(t, gateway.Options{Config: cfg})
			ids := twoGroups(t, client)
			if _, err := client.AddCamera(t.Context(), api.NewCamera{Name: "gate", URL: r.url(), Transport: "tcp"}); err != nil {
				t.Fatal(err)
			}
			if err := client.SetSealed(t.Context(), "gate", api.NewSealed{Days: 30}); err == nil {
				t.Error("sealed where the law does not oblige, and nobody said why")
			}
			if err := client.SetSealed(t.Context(), "gate", api.NewSealed{Days: 30, Why: "a test"}); err != nil {
				t.Fatal(err)
			}
			eventually(t, "it is sealed", func() bool {
				s, err := client.Sealed(t.Context())
				return err == nil && len(s.Cameras) == 1 && s.Cameras[0].Sealing && s.Keys != ""
			})
			time.Sleep(5 * time.Second) // once around the clip
			g.Close()
			nothingInClear(t, cfg.SealedFolder(), "gate", sent)
			compareSlices(t, openAll(t, cfg.SealedFolder(), "gate", ids), sent, codec)
		})
	}
}

// slicesOf are the NAL units with coded slices of a file, in order.
func slicesOf(t *testing.T, file, codec string) (all [][]byte) {
	t.Helper()
	filter := map[string]string{"h264": "h264_mp4toannexb", "h265": "hevc_mp4toannexb"}[codec]
	raw := convert(t, file, codec+".bin", "-c", "copy", "-bsf:v", filter, "-f", map[string]string{"h264": "h264", "h265": "hevc"}[codec])
	b, err := os.ReadFile(raw)
	if err != nil {
		t.Fatal(err)
	}
	var units h264.AnnexB
	if err := units.Unmarshal(b); err != nil {
		t.Fatal(err)
	}
	for _, n := range units {
		if isSlice(n, codec) {
			all = append(all, n)
		}
	}
	return all
}

func isSlice(n []byte, codec string) bool {
	if codec == "h264" {
		return n[0]&31 == 1 || n[0]&31 == 5
	}
	return n[0]>>1&63 < 32
}

// compareSlices fails where what was opened is no stretch of the looped clip.
func compareSlices(t *testing.T, units []media.Raw, sent [][]byte, codec string) {
	t.Helper()
	var got [][]byte
	for _, u := range units {
		for _, n := range u.NALUs {
			if isSlice(n, codec) {
				got = append(got, n)
			}
		}
	}
	if len(got) < len(sent) {
		t.Fatalf("%d slices opened, want %d at least", len(got), len(sent))
	}
	from := slices.IndexFunc(sent, func(n []byte) bool { return slices.Equal(n, got[0]) })
	for i, n := range got {
		if from < 0 || !slices.Equal(n, sent[(from+i)%len(sent)]) {
			t.Fatalf("slice %d of %d is not what the camera sent", i, len(got))
		}
	}
}

// nothingInClear fails where a piece of a slice lies on the disk as it is.
func nothingInClear(t *testing.T, dir string, id media.CameraID, sent [][]byte) {
	t.Helper()
	root := os.DirFS(dir)
	all, err := sealed.Sequences(root, id)
	if err != nil || len(all) == 0 {
		t.Fatal(all, err)
	}
	for _, seq := range all {
		f, err := sealed.Open(root, id, seq)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(f.Body(f))
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range sent {
			if len(n) > 40 && bytes.Contains(b, n[10:26]) {
				t.Fatal("footage in clear on the disk")
			}
		}
	}
}
