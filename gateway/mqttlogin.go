package gateway

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
	"github.com/bauta-gateway/bauta/hardware/media"
)

const (
	// mqttLoginSetting is where the store keeps the logins, encrypted.
	mqttLoginSetting = "mqtt.logins"
	maxMQTTLogins    = 32
)

// keptLogin is a login as the store has it. The password is random: its hash
// need not be slow.
type keptLogin struct {
	api.MQTTLogin
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

func (l *mqttLogins) list() []api.MQTTLogin {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := []api.MQTTLogin{}
	for _, one := range l.all {
		all = append(all, one.MQTTLogin)
	}
	return all
}

// add makes a login and its password.
func (l *mqttLogins) add(in api.NewMQTTLogin) (api.MadeMQTTLogin, error) {
	if _, err := media.ParseCameraID(in.Name); err != nil { // the same slugs
		return api.MadeMQTTLogin{}, api.Refuse(api.CodeInvalid, text.MQTTLoginName, in.Name, media.MaxCameraID)
	}
	if !slices.Contains(mqtt.Kinds, in.May) {
		return api.MadeMQTTLogin{}, api.Refuse(api.CodeInvalid, text.MQTTLoginKind, string(in.May), string(mqtt.MayRead), string(mqtt.MayMask))
	}
	made := api.MadeMQTTLogin{MQTTLogin: api.MQTTLogin{Name: in.Name, May: in.May, Created: time.Now().UTC().Truncate(time.Second)}, Password: rand.Text()}
	l.mu.Lock()
	defer l.mu.Unlock()
	if slices.ContainsFunc(l.all, func(k keptLogin) bool { return k.Name == in.Name }) {
		return api.MadeMQTTLogin{}, api.Refuse(api.CodeExists, text.MQTTLoginExists, in.Name)
	}
	if len(l.all) >= maxMQTTLogins {
		return api.MadeMQTTLogin{}, api.Refuse(api.CodeInvalid, text.MQTTLoginLimit, maxMQTTLogins)
	}
	all := append(slices.Clone(l.all), keptLogin{made.MQTTLogin, hashOf(made.Password)})
	slices.SortFunc(all, func(x, y keptLogin) int { return cmp.Compare(x.Name, y.Name) })
	return made, l.keep(all)
}

func (l *mqttLogins) remove(name string) (api.MQTTLogin, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.IndexFunc(l.all, func(k keptLogin) bool { return k.Name == name })
	if i < 0 {
		return api.MQTTLogin{}, api.Refuse(api.CodeNotFound, text.MQTTLoginUnknown, name)
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
	var in api.NewMQTTLogin
	if err := body(r, &in); err != nil {
		return nil, err
	}
	made, err := g.logins.add(in)
	if err != nil {
		return nil, err
	}
	return made, g.trail.Did(r.Context(), audit.MQTTLoginAdded, "mqtt-login/"+made.Name, "may="+string(made.May), nil)
}

func (g *Gateway) deleteMQTTLogin(r *http.Request) (any, error) {
	gone, err := g.logins.remove(r.PathValue("name"))
	if err != nil {
		return nil, err
	}
	g.mqtt.EndLogin(gone.Name)
	return struct{}{}, g.trail.Did(r.Context(), audit.MQTTLoginRemoved, "mqtt-login/"+gone.Name, "may="+string(gone.May), nil)
}
