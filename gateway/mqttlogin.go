package gateway

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
	"github.com/bauta-gateway/bauta/hardware/media"
)

const (
	// mqttLoginSetting is where the store keeps the logins, encrypted.
	mqttLoginSetting = "mqtt.logins"
	maxMQTTLogins    = 32
)

// MQTTLogin is a login at the embedded broker, for a machine.
type MQTTLogin struct {
	// Name is the user name there, a slug.
	Name    string    `json:"name"`
	May     mqtt.May  `json:"may"`
	Created time.Time `json:"created"`
}

// NewMQTTLogin is the body of POST /v1/mqtt/logins.
type NewMQTTLogin struct {
	Name string   `json:"name"`
	May  mqtt.May `json:"may"`
}

// MadeMQTTLogin is the answer: Password is told this once.
type MadeMQTTLogin struct {
	MQTTLogin
	Password string `json:"password"`
}

// keptLogin is a login as the store has it. The password is random: its hash
// need not be slow.
type keptLogin struct {
	MQTTLogin
	Hash string `json:"hash"`
}

// mqttLogins are the logins at the embedded broker.
type mqttLogins struct {
	store *store.Store

	mu  sync.Mutex
	all []keptLogin // by name
}

// openMQTTLogins reads them.
func openMQTTLogins(s *store.Store) (*mqttLogins, error) {
	l := &mqttLogins{store: s}
	kept, err := s.Setting(mqttLoginSetting)
	if errors.Is(err, store.ErrNotFound) {
		return l, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(kept.Reveal()), &l.all)
	}
	if err != nil {
		return l, fmt.Errorf("logins of the embedded broker: %w", err)
	}
	return l, nil
}

// check proves a login.
func (l *mqttLogins) check(name, password string) (mqtt.May, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	got := []byte(hashOf(password))
	for _, one := range l.all {
		if one.Name == name {
			return one.May, subtle.ConstantTimeCompare([]byte(one.Hash), got) == 1
		}
	}
	return "", false
}

func hashOf(password string) string {
	sum := sha256.Sum256([]byte(password))
	return hex.EncodeToString(sum[:])
}

func (l *mqttLogins) list() []MQTTLogin {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := []MQTTLogin{}
	for _, one := range l.all {
		all = append(all, one.MQTTLogin)
	}
	return all
}

// add makes a login and its password.
func (l *mqttLogins) add(in NewMQTTLogin) (MadeMQTTLogin, error) {
	if _, err := media.ParseCameraID(in.Name); err != nil { // the same slugs
		return MadeMQTTLogin{}, refuse(CodeInvalid, text.MQTTLoginName, in.Name, media.MaxCameraID)
	}
	if !slices.Contains(mqtt.Kinds, in.May) {
		return MadeMQTTLogin{}, refuse(CodeInvalid, text.MQTTLoginKind, string(in.May), string(mqtt.MayRead), string(mqtt.MayMask))
	}
	made := MadeMQTTLogin{MQTTLogin{in.Name, in.May, time.Now().UTC().Truncate(time.Second)}, rand.Text()}
	l.mu.Lock()
	defer l.mu.Unlock()
	if slices.ContainsFunc(l.all, func(k keptLogin) bool { return k.Name == in.Name }) {
		return MadeMQTTLogin{}, refuse(CodeExists, text.MQTTLoginExists, in.Name)
	}
	if len(l.all) >= maxMQTTLogins {
		return MadeMQTTLogin{}, refuse(CodeInvalid, text.MQTTLoginLimit, maxMQTTLogins)
	}
	all := append(slices.Clone(l.all), keptLogin{made.MQTTLogin, hashOf(made.Password)})
	slices.SortFunc(all, func(x, y keptLogin) int { return cmp.Compare(x.Name, y.Name) })
	return made, l.keep(all)
}

func (l *mqttLogins) remove(name string) (MQTTLogin, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.IndexFunc(l.all, func(k keptLogin) bool { return k.Name == name })
	if i < 0 {
		return MQTTLogin{}, refuse(CodeNotFound, text.MQTTLoginUnknown, name)
	}
	gone := l.all[i].MQTTLogin
	return gone, l.keep(slices.Delete(slices.Clone(l.all), i, i+1))
}

// keep puts all in force once they are stored.
func (l *mqttLogins) keep(all []keptLogin) error {
	b, err := json.Marshal(all)
	if err != nil {
		return err
	}
	if err := l.store.PutSetting(mqttLoginSetting, store.NewSecret(string(b))); err != nil {
		return err
	}
	l.all = all
	return nil
}

func (g *Gateway) mqttRoutes(r *routes) {
	r.HandleFunc("GET /v1/mqtt/logins", answer(http.StatusOK, func(*http.Request) (any, error) { return g.logins.list(), nil }))
	r.HandleFunc("POST /v1/mqtt/logins", answer(http.StatusCreated, g.postMQTTLogin))
	r.HandleFunc("DELETE /v1/mqtt/logins/{name}", answer(http.StatusOK, g.deleteMQTTLogin))
}

func (g *Gateway) postMQTTLogin(r *http.Request) (any, error) {
	var in NewMQTTLogin
	if err := body(r, &in); err != nil {
		return nil, err
	}
	made, err := g.logins.add(in)
	if err != nil {
		return nil, err
	}
	return made, g.changed(r.Context(), "mqtt-login.added", "mqtt-login/"+made.Name, "may="+string(made.May), nil)
}

func (g *Gateway) deleteMQTTLogin(r *http.Request) (any, error) {
	gone, err := g.logins.remove(r.PathValue("name"))
	if err != nil {
		return nil, err
	}
	g.mqtt.EndLogin(gone.Name)
	return struct{}{}, g.changed(r.Context(), "mqtt-login.removed", "mqtt-login/"+gone.Name, "may="+string(gone.May), nil)
}

// MQTTLogins lists the logins at the embedded broker.
func (c *Client) MQTTLogins(ctx context.Context) ([]MQTTLogin, error) {
	var out []MQTTLogin
	return out, c.call(ctx, http.MethodGet, "/v1/mqtt/logins", nil, &out)
}

// AddMQTTLogin makes a login at the embedded broker.
func (c *Client) AddMQTTLogin(ctx context.Context, in NewMQTTLogin) (MadeMQTTLogin, error) {
	var out MadeMQTTLogin
	return out, c.call(ctx, http.MethodPost, "/v1/mqtt/logins", in, &out)
}

// RemoveMQTTLogin removes one and cuts its connections.
func (c *Client) RemoveMQTTLogin(ctx context.Context, name string) error {
	return c.call(ctx, http.MethodDelete, "/v1/mqtt/logins/"+url.PathEscape(name), nil, nil)
}
