package console_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// userInput does what a person does, in one of several ways.
type userInput interface {
	// press clicks a button or follows a link.
	press(selector string)
	write(selector, text string)
	// pick chooses an option of a select by its value.
	pick(selector, value string)
	// tick switches a host or a radio button on.
	tick(selector string)
	// area draws a rectangle on the stage, in parts of the frame.
	area(x0, y0, x1, y1 float64)
}

// mouse clicks; with touch it taps and draws with a finger.
type mouse struct {
	*browser
	touch bool
}

func (m mouse) press(selector string) {
	m.Helper()
	m.settled()
	m.waitFor(selector)
	m.wait(selector+" can be pressed", fmt.Sprintf("!document.querySelector(%s).disabled", quoted(selector)))
	m.js(fmt.Sprintf("document.querySelector(%s).scrollIntoView({block: 'center'})", quoted(selector)), nil) // not under the menu of phones
	m.run(chromedp.ActionFunc(func(ctx context.Context) error {
		for {
			// The page may be drawn anew between finding the element and its place.
			err := chromedp.Click(selector, chromedp.ByQuery).Do(ctx)
			if !errors.Is(err, chromedp.ErrInvalidDimensions) || ctx.Err() != nil {
				return err
			}
		}
	}))
}

func (m mouse) write(selector, text string) {
	m.Helper()
	m.press(selector)
	m.js(fmt.Sprintf("document.querySelector(%s).select?.()", quoted(selector)), nil)
	m.run(chromedp.KeyEvent(kb.Backspace), input.InsertText(text))
	m.wait("the text is in", fmt.Sprintf("document.querySelector(%s).value === %s", quoted(selector), quoted(text)))
}

func (m mouse) pick(selector, value string) {
	m.Helper()
	m.settled()
	m.waitFor(selector)
	m.run(chromedp.Focus(selector, chromedp.ByQuery))
	m.choose(selector, value)
}

func (m mouse) tick(selector string) {
	m.Helper()
	if !m.is(fmt.Sprintf("document.querySelector(%s)?.checked", quoted(selector))) {
		m.press(selector)
	}
	m.wait(selector+" is on", fmt.Sprintf("document.querySelector(%s).checked", quoted(selector)))
}

func (m mouse) area(x0, y0, x1, y1 float64) {
	m.Helper()
	m.js("document.querySelector('#stage').scrollIntoView({block: 'center'})", nil)
	var r struct{ X, Y, Width, Height float64 }
	m.js("document.querySelector('#stage').getBoundingClientRect().toJSON()", &r)
	fx, fy, tx, ty := r.X+x0*r.Width, r.Y+y0*r.Height, r.X+x1*r.Width, r.Y+y1*r.Height
	if m.touch {
		at := func(x, y float64) []*input.TouchPoint { return []*input.TouchPoint{{X: x, Y: y}} }
		m.run(input.DispatchTouchEvent(input.TouchStart, at(fx, fy)), input.DispatchTouchEvent(input.TouchMove, at((fx+tx)/2, (fy+ty)/2)),
			input.DispatchTouchEvent(input.TouchMove, at(tx, ty)), input.DispatchTouchEvent(input.TouchEnd, []*input.TouchPoint{}))
		return
	}
	m.run(chromedp.MouseEvent(input.MousePressed, fx, fy, chromedp.ButtonLeft, chromedp.ClickCount(1)),
		chromedp.MouseEvent(input.MouseMoved, (fx+tx)/2, (fy+ty)/2, chromedp.ButtonLeft), chromedp.MouseEvent(input.MouseMoved, tx, ty, chromedp.ButtonLeft),
		chromedp.MouseEvent(input.MouseReleased, tx, ty, chromedp.ButtonLeft, chromedp.ClickCount(1)))
}

// choose moves through the options of the select that has the focus.
func (b *browser) choose(selector, value string) {
	b.Helper()
	there := fmt.Sprintf("document.querySelector(%s).value === %s", quoted(selector), quoted(value))
	b.run(chromedp.KeyEvent(kb.Home))
	for range 80 {
		if b.is(there) {
			return
		}
		b.run(chromedp.KeyEvent(kb.ArrowDown))
	}
	b.Fatalf("%s has no option %s", selector, value)
}

// keyboard never touches the mouse.
type keyboard struct{ *browser }

// reach presses Tab until an element has the focus.
func (k keyboard) reach(selector string) {
	k.Helper()
	k.settled()
	k.waitFor(selector)
	k.wait(selector+" can be reached", fmt.Sprintf("!document.querySelector(%s).disabled", quoted(selector)))
	here := fmt.Sprintf("document.activeElement === document.querySelector(%s)", quoted(selector))
	for end := time.Now().Add(2 * patience); !k.is(here); {
		if time.Now().After(end) {
			k.shoot("failed")
			k.Fatalf("Tab does not reach %s", selector)
		}
		k.run(chromedp.KeyEvent(kb.Tab))
	}
	if !k.is("document.activeElement.matches(':focus-visible')") {
		k.Errorf("the focus on %s is not seen", selector)
	}
}

func (k keyboard) press(selector string) {
	k.Helper()
	k.reach(selector)
	k.run(chromedp.KeyEvent(kb.Enter))
}

func (k keyboard) write(selector, text string) {
	k.Helper()
	k.reach(selector)
	k.js("document.activeElement.select?.()", nil)
	k.run(chromedp.KeyEvent(kb.Backspace), input.InsertText(text))
}

func (k keyboard) pick(selector, value string) {
	k.Helper()
	k.reach(selector)
	k.choose(selector, value)
}

// tick reaches a radio button through its group, of which Tab stops at one.
func (k keyboard) tick(selector string) {
	k.Helper()
	on := fmt.Sprintf("document.querySelector(%s).checked", quoted(selector))
	if k.is(on) {
		return
	}
	if !k.is(fmt.Sprintf("document.querySelector(%s).type === 'radio'", quoted(selector))) {
		k.reach(selector)
		k.run(chromedp.KeyEvent(" "))
		return
	}
	group := fmt.Sprintf("document.activeElement.name === document.querySelector(%s).name", quoted(selector))
	for range 200 {
		if k.is(group) {
			break
		}
		k.run(chromedp.KeyEvent(kb.Tab))
	}
	for range 10 {
		if k.is(on) {
			return
		}
		k.run(chromedp.KeyEvent(kb.ArrowDown))
	}
	k.Fatalf("the keyboard cannot choose %s", selector)
}

// area places a rectangle and moves its corners; one step with Shift is 5 percent.
func (k keyboard) area(x0, y0, x1, y1 float64) {
	k.Helper()
	k.press("#zone-rectangle")
	for i, to := range [][2]float64{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}} {
		selector := fmt.Sprintf(".corner:nth-child(%d)", i+1)
		k.reach(selector)
		k.steps([2]string{kb.ArrowLeft, kb.ArrowRight}, to[0]-[4]float64{.35, .65, .65, .35}[i])
		k.steps([2]string{kb.ArrowUp, kb.ArrowDown}, to[1]-[4]float64{.35, .35, .65, .65}[i])
	}
}

func (k keyboard) steps(keys [2]string, way float64) {
	k.Helper()
	key := keys[1]
	if way < 0 {
		key, way = keys[0], -way
	}
	for ; way > .024; way -= .05 {
		k.run(chromedp.KeyEvent(key, chromedp.KeyModifiers(input.ModifierShift)))
	}
}

// upload fills a file field: the system's dialog is no page and has no keys here.
func (b *browser) upload(selector, path string) {
	b.Helper()
	b.waitFor(selector)
	b.run(chromedp.SetUploadFiles(selector, []string{path}, chromedp.ByQuery))
}

func (b *browser) allowDownloads() {
	b.Helper()
	b.run(cdpbrowser.SetDownloadBehavior(cdpbrowser.SetDownloadBehaviorBehaviorAllow).WithDownloadPath(b.downloads).WithEventsEnabled(true))
}
