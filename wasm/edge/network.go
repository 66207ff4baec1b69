package edge

import "net/netip"

// Network names the network of an IP address: an IPv4 address itself, or the
// half of an IPv6 address that a subscriber gets. What is no address is
// "unknown"; all of those share one limit.
func Network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return "unknown"
	}
	if ip = ip.Unmap(); ip.Is6() {
		if prefix, err := ip.WithZone("").Prefix(64); err == nil {
			return prefix.String()
		}
	}
	return ip.String()
}
