package e2e

import (
	"bytes"
	"image/jpeg"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
)

// One answer has the masked pictures of those cameras that have one, and names no other.
func TestE2EStills(t *testing.T) {
	g, client, _ := startReal(t)
	if _, err := client.AddCamera(t.Context(), api.NewCamera{ID: "dark", Name: "dark", URL: nobody}); err != nil {
		t.Fatal(err)
	}
	b := manager(t, g)
	res := b.send("GET", "/api/v1/stills?camera=demo&camera=dark&camera=nowhere", nil)
	kind, args, err := mime.ParseMediaType(res.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		t.Fatalf("%s %v", res.Status, res.Header)
	}
	var names []string
	for parts := multipart.NewReader(res.Body, args["boundary"]); ; {
		part, err := parts.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		raw, _ := io.ReadAll(part)
		if _, err := jpeg.Decode(bytes.NewReader(raw)); err != nil || part.Header.Get("Content-Type") != "image/jpeg" {
			t.Errorf("%v: %v", part.Header, err)
		}
		names = append(names, part.FormName())
	}
	if !slices.Equal(names, []string{"demo"}) {
		t.Errorf("stills of %v", names)
	}
	for _, query := range []string{"", "?camera=" + strings.Repeat("x&camera=", 16)} {
		if status, code := b.code("GET", "/api/v1/stills"+query, nil); status != http.StatusBadRequest {
			t.Errorf("%q: %d %s", query, status, code)
		}
	}
}

// The overview says in one answer what each camera lacks, and where it looks.
func TestOverviewSaysWhatIsLacking(t *testing.T) {
	g, client := start(t, gateway.Options{Config: settings(t)})
	b := manager(t, g)
	for _, in := range []api.NewCamera{{ID: "gate", Name: "gate", URL: nobody}, {ID: "hall", Name: "hall", URL: nobody, Place: "lobby", Purpose: "public-safety", Group: "2楼"}} {
		if _, err := client.AddCamera(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	var all api.Overview
	b.do("GET", "/api/v1/overview", nil, &all)
	if len(all.Cameras) != 2 || !slices.Equal(all.Cameras[0].Lacks, []string{"place", "purpose", "capture"}) || !slices.Equal(all.Cameras[1].Lacks, []string{"capture"}) || all.Cameras[1].Place.ZH == "" || all.Cameras[0].Place.EN != "" {
		t.Errorf("%+v", all)
	}
}
