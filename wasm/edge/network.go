package edge

import (
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"sealbook/wasm/edge/store"
)

// ParseAddress reads an IP address, with or without a port, as a proxy or a
// connection tells it: "192.0.2.7", "192.0.2.7:1234", "2001:db8::1",
// "[2001:db8::1]", "[2001:db8::1]:1234". What is none is the zero Addr.
func ParseAddress(text string) netip.Addr {
	text = strings.TrimSpace(text)
	if with, err := netip.ParseAddrPort(text); err == nil {
		return with.Addr().Unmap().WithZone("")
	}
	if inner, ok := strings.CutPrefix(text, "["); ok {
		if text, ok = strings.CutSuffix(inner, "]"); !ok {
			return netip.Addr{}
		}
	}
	ip, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Addr{}
	}
	return ip.Unmap().WithZone("")
}

// networks names what the client's address is counted under: an IPv4 address
// itself, or the half of an IPv6 address that a subscriber gets, and the /48
// around it, which a site gets. All that have no address share one name.
func networks(ip netip.Addr) (own, around string) {
	switch {
	case !ip.IsValid():
		return "unknown", ""
	case ip.Is4():
		return ip.String(), ""
	}
	return prefix(ip, 64), prefix(ip, 48)
}

func prefix(ip netip.Addr, bits int) string {
	p, err := ip.Prefix(bits)
	if err != nil {
		return "unknown"
	}
	return p.String()
}

// sendOf is what a send to a number for a client is counted under.
func (h *Handler) sendOf(r *http.Request, calling string) store.Send {
	ip := h.config.Address(r)
	if !ip.IsValid() {
		h.mu.Lock()
		told := h.nobody
		h.nobody = true
		h.mu.Unlock()
		if !told {
			h.log(fmt.Errorf("edge: clients come without an address, and share one limit of codes; this is said once"))
		}
	}
	own, around := networks(ip)
	send := store.Send{
		Address: h.keys.Address(own),
		Calling: h.counter("calling", calling),
		Total:   h.counter("total", ""),
	}
	if around != "" {
		network := h.keys.Address(around)
		send.Network = &network
	}
	return send
}

// checkOrigin takes an origin as browsers send it.
func checkOrigin(origin string) error {
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.Scheme+"://"+u.Host != origin {
		return fmt.Errorf("edge: an origin is like https://app.example, without a slash at the end")
	}
	return nil
}
