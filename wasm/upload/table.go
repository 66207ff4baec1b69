package upload

import "sealbook/wasm/recipe"

//go:generate go run ./gentable

// table is the source of the site's table too: go generate writes
// site/page/uploads.js from it.
var table = []Preset{
	{
		ID: "meta", Vendor: "Meta", Phone: Column{"phone", "meta-capi"}, Email: Column{"email", "meta-email"},
		Confidence: recipe.CodeOrDoc, Read: "2026-11",
		Source: `www.facebook.com/business/help/2082575038703844, "How to format a customer list" (in a copy)`,
	},
	{
		ID: "google", Vendor: "Google", Phone: Column{"Phone", "google-enhanced-conversions"}, Email: Column{"Email", "google-email"},
		Confidence: recipe.CodeOrDoc, Read: "2026-11",
		Source: `support.google.com/google-ads/answer/7659867, "Format your customer data file", and its template, g.co/wudy8r`,
	},
	{
		ID: "tiktok", Vendor: "TikTok", Phone: Column{"Phone_SHA256", "tiktok-events"}, Email: Column{"Email_SHA256", "tiktok-email"},
		Confidence: recipe.CodeOrDoc, Read: "2026-11",
		Source: `ads.tiktok.com/help/article/list-of-supported-ids-and-formats-for-a-customer-file, of August 2025. A list of September 2025 writes "Email_SHA 256", and prefers numbers with the plus`,
	},
	{
		ID: "linkedin", Vendor: "LinkedIn", Email: Column{"email", "linkedin-email"},
		Confidence: recipe.CodeOrDoc, Read: "2026-11",
		Source: "www.linkedin.com/help/lms/answer/a530615, the template of conversions (in a copy); that of contact lists may not be changed either",
	},
	{
		ID: "x", Vendor: "X", Phone: Column{"phone", "x-conversions"}, Email: Column{"email", "x-email"},
		Confidence: recipe.RecallOnly, Read: "2026-11",
		Source: `business.x.com, "List Custom Audiences": X has no names of its own, and asks what each column is`,
	},
	{
		ID: "snap", Vendor: "Snap", Phone: Column{"phone", "snap-capi"}, Email: Column{"email", "snap-email"},
		Confidence: recipe.RecallOnly, Read: "2026-11",
		Source: "no published names were found; a list of Snap's holds one kind of identifier",
	},
	{
		ID: "pinterest", Vendor: "Pinterest", Email: Column{"email", "pinterest-email"},
		Confidence: recipe.RecallOnly, Read: "2026-11",
		Source: "no published names were found; Pinterest's API takes addresses and device ids in customer lists, not numbers",
	},
	{
		ID: "reddit", Vendor: "Reddit", Email: Column{"email", "reddit-email"},
		Confidence: recipe.RecallOnly, Read: "2026-11",
		Source: "no published names were found; Reddit's customer lists take addresses and device ids, not numbers",
	},
	{
		ID: "microsoft", Vendor: "Microsoft", Email: Column{"Email", "microsoft-email"},
		Confidence: recipe.RecallOnly, Read: "2026-11",
		Source: "no published names were found; help.ads.microsoft.com/apex/index/3/en/56921 speaks of addresses alone",
	},
}
