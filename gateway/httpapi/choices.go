package httpapi

import (
	"net/http"
	"slices"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/consents"
	"github.com/bauta-gateway/bauta/gateway/evaluation"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
)

func words(key text.Key, args ...any) api.Words {
	return api.Words{EN: text.Of(text.EN, key, args...), ZH: text.Of(text.ZhCN, key, args...)}
}

// choiceHandlers answer with what can be chosen, in both languages.
type choiceHandlers struct {
	cfg        config.Config
	consents   *consents.Consents
	evaluation *evaluation.Evaluation
}

func (h choiceHandlers) bind(r *route.Routes) {
	r.HandleFunc("GET /v1/places", route.Answer(http.StatusOK, h.places))
	r.HandleFunc("GET /v1/site-kinds", route.Answer(http.StatusOK, siteKinds))
	r.HandleFunc("GET /v1/purposes", route.Answer(http.StatusOK, func(*http.Request) (any, error) { return purposes(register.Purposes), nil }))
	r.HandleFunc("GET /v1/consent-purposes", route.Answer(http.StatusOK, func(*http.Request) (any, error) { return purposes(h.consents.Purposes()), nil }))
	r.HandleFunc("GET /v1/jurisdictions", route.Answer(http.StatusOK, jurisdictions))
	r.HandleFunc("GET /v1/record-kinds", route.Answer(http.StatusOK, recordKinds))
	r.HandleFunc("GET /v1/settings", route.Answer(http.StatusOK, h.settings))
}

func (h choiceHandlers) places(*http.Request) (any, error) {
	packs := h.evaluation.Packs()
	all := []api.PlaceChoice{}
	for _, place := range slices.Concat(policy.Ordinary, policy.Prohibited) {
		one := api.PlaceChoice{Choice: api.Choice{ID: string(place), Name: words(place.Word())}, Prohibited: place.Prohibited()}
		if one.Prohibited {
			one.Law = lawOn(packs.Prohibitions(place))
		}
		all = append(all, one)
	}
	return all, nil
}

// lawOn cites the prohibitions of a place with the duty of the first.
func lawOn(all policy.Prohibitions) api.Words {
	if len(all) == 0 {
		return api.Words{}
	}
	return api.Words{EN: all.In(text.EN) + ": " + all[0].Duty.EN, ZH: all.In(text.ZhCN) + "：" + all[0].Duty.ZH}
}

// siteKinds are the kinds of places that a site can be, those of a class one after another.
func siteKinds(*http.Request) (any, error) {
	all := []api.SiteKind{}
	for _, k := range policy.SiteKinds() {
		all = append(all, api.SiteKind{Choice: api.Choice{ID: string(k), Name: words(k.Word())}, Class: k.Class(), Secondary: k.Secondary()})
	}
	return all, nil
}

// jurisdictions are the codes of where a site may lie.
func jurisdictions(*http.Request) (any, error) {
	all := []api.Choice{}
	for _, r := range policy.Regions() {
		all = append(all, api.Choice{ID: r.Code, Name: r.Name})
	}
	return all, nil
}

func purposes(names []string) []api.Choice {
	all := []api.Choice{}
	for _, name := range names {
		all = append(all, api.Choice{ID: name, Name: words(text.Purpose(name))})
	}
	return all
}

func recordKinds(*http.Request) (any, error) {
	all := []api.RecordKind{}
	for _, kind := range register.Kinds {
		one := api.RecordKind{Choice: api.Choice{ID: string(kind), Name: words(text.RecordKindName(string(kind)))}, About: words(text.RecordAbout(string(kind)))}
		for _, f := range register.Fields(kind) {
			if !f.Old {
				one.Fields = append(one.Fields, api.RecordFieldOf(kind, f))
			}
		}
		all = append(all, one)
	}
	return all, nil
}

func (h choiceHandlers) settings(*http.Request) (any, error) {
	all := []api.Setting{}
	for _, s := range config.Settings(h.cfg) {
		all = append(all, api.Setting{Key: s.Key, Value: s.Value, Default: s.Default, About: words(s.About)})
	}
	return all, nil
}
