package email

import "sealbook/wasm/recipe"

//go:generate go run ../upload/gentable

// table is the source of the JavaScript table too: go generate writes
// js/email-recipes.js from it.
var table = []Recipe{
	{
		ID: "meta-email", Vendor: "Meta", Dots: Keep, Tag: Keep, Symbols: Keep, Encoding: "hex", Confidence: recipe.OfficialVector,
		Source: "developers.facebook.com/docs/marketing-api/conversions-api/parameters/customer-information-parameters, the example of em",
	},
	{
		ID: "google-email", Vendor: "Google", Dots: Gmail, Tag: Keep, Symbols: Keep, Encoding: "hex", Confidence: recipe.CodeOrDoc,
		Source: `developers.google.com/doubleclick-advertisers/guides/conversions_ec, "Normalization and hashing"; the samples of Google's client libraries do the same. A page of Google Ads says it of all domains, and of what is behind a plus`,
	},
	{
		ID: "uid2-email", Vendor: "IAB Tech Lab", Dots: GmailCom, Tag: GmailCom, Symbols: Keep, Encoding: "base64", Confidence: recipe.OfficialVector,
		Source: "IABTechLab/uid2docs@040205a docs/getting-started/gs-normalization-encoding.md",
	},
	{
		ID: "reddit-email", Vendor: "Reddit", Dots: All, Tag: All, Symbols: All, Encoding: "hex", Confidence: recipe.OfficialVector,
		Source: `Reddit's help, "Manual Advanced Matching", its example (read in a copy, November 2026); segmentio/action-destinations@01090ba reddit-conversions-api/utils.ts leaves out dots and tags alone`,
	},
	{
		ID: "microsoft-email", Vendor: "Microsoft", Dots: Keep, Tag: Keep, Symbols: Keep, Encoding: "hex", Confidence: recipe.CodeOrDoc,
		Source: "segmentio/action-destinations@0c73b5b ms-bing-capi/sendEvent/index.ts; Microsoft's own page was not read",
	},
	{
		ID: "tiktok-email", Vendor: "TikTok", Dots: Keep, Tag: Keep, Symbols: Keep, Encoding: "hex", Confidence: recipe.OfficialVector,
		Source: `ads.tiktok.com/help, "How to create a Custom Audience with a customer file" of September 2025, its example. Lists before it also left out a plus and what is behind it, and those before July 2025 dots`,
	},
	{
		ID: "pinterest-email", Vendor: "Pinterest", Dots: Keep, Tag: Keep, Symbols: Keep, Encoding: "hex", Confidence: recipe.CodeOrDoc,
		Source: "Pinterest's description of its API v5, user_data.em: the address in lower case. Trimming is not mentioned",
	},
	{
		ID: "snap-email", Vendor: "Snap", Dots: Keep, Tag: Keep, Symbols: Keep, Encoding: "hex", Confidence: recipe.OfficialVector,
		Source: "developers.snap.com/api/marketing-api/Conversions-API/Parameters, the example of em",
	},
	{
		ID: "linkedin-email", Vendor: "LinkedIn", Dots: Keep, Tag: Keep, Symbols: Keep, Encoding: "hex", Confidence: recipe.RecallOnly,
		Source: "www.linkedin.com/help/lms/answer/a530615 says SHA-256 without salt; that the address is trimmed and in lower case before is from memory",
	},
	{
		ID: "x-email", Vendor: "X", Dots: Keep, Tag: Keep, Symbols: Keep, Encoding: "hex", Confidence: recipe.CodeOrDoc,
		Source: `developer.x.com, Ads API, "Custom Audiences User Data": lower case, without spaces around it, SHA-256 in lower case without salt`,
	},
}
