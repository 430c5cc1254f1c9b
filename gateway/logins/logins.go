// Package logins keeps who may use the embedded broker from elsewhere. Input are an
// administrator's requests, output an answer to each login there. It has no goroutine,
// and keeps of a password its hash alone.
package logins

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/topics"
	"github.com/bauta-gateway/bauta/hardware/media"
)

const (
	// setting is where the store keeps the logins, encrypted.
	setting = "mqtt.logins"
	// MaxLogins bounds them.
	MaxLogins = 32
)

// keptLogin is a login as the store has it. The password is random: its hash
// need not be slow.
type keptLogin struct {
	api.MQTTLogin
	Hash string `json:"hash"`
}

// Logins are the logins at the embedded broker.
type Logins struct {
	store *store.Store

	mu  sync.Mutex
	all []keptLogin // by name
}

// Open reads them.
func Open(s *store.Store) (*Logins, error) {
	l := &Logins{store: s}
	kept, err := s.Setting(setting)
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

// Check proves a login.
func (l *Logins) Check(name, password string) (topics.May, bool) {
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

// List returns them by name.
func (l *Logins) List() []api.MQTTLogin {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := []api.MQTTLogin{}
	for _, one := range l.all {
		all = append(all, one.MQTTLogin)
	}
	return all
}

// Add makes a login and its password.
func (l *Logins) Add(in api.NewMQTTLogin) (api.MadeMQTTLogin, error) {
	if _, err := media.ParseCameraID(in.Name); err != nil { // the same slugs
		return api.MadeMQTTLogin{}, api.Refuse(api.CodeInvalid, text.MQTTLoginName, in.Name, media.MaxCameraID)
	}
	if !slices.Contains(topics.Kinds, in.May) {
		return api.MadeMQTTLogin{}, api.Refuse(api.CodeInvalid, text.MQTTLoginKind, string(in.May), string(topics.MayRead), string(topics.MayMask))
	}
	made := api.MadeMQTTLogin{MQTTLogin: api.MQTTLogin{Name: in.Name, May: in.May, Created: time.Now().UTC().Truncate(time.Second)}, Password: rand.Text()}
	l.mu.Lock()
	defer l.mu.Unlock()
	if slices.ContainsFunc(l.all, func(k keptLogin) bool { return k.Name == in.Name }) {
		return api.MadeMQTTLogin{}, api.Refuse(api.CodeExists, text.MQTTLoginExists, in.Name)
	}
	if len(l.all) >= MaxLogins {
		return api.MadeMQTTLogin{}, api.Refuse(api.CodeInvalid, text.MQTTLoginLimit, MaxLogins)
	}
	all := append(slices.Clone(l.all), keptLogin{made.MQTTLogin, hashOf(made.Password)})
	slices.SortFunc(all, func(x, y keptLogin) int { return cmp.Compare(x.Name, y.Name) })
	return made, l.keep(all)
}

// Remove ends one and returns it.
func (l *Logins) Remove(name string) (api.MQTTLogin, error) {
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
func (l *Logins) keep(all []keptLogin) error {
	b, err := json.Marshal(all)
	if err != nil {
		return err
	}
	if err := l.store.PutSetting(setting, store.NewSecret(string(b))); err != nil {
		return err
	}
	l.all = all
	return nil
}
