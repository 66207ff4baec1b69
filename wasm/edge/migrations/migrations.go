// Package migrations holds the tables of a directory as SQL files, numbered in
// the order in which they are applied. SQLite applies them through package
// sqlite, D1 through `wrangler d1 migrations apply`; both write down by name
// what was applied, so a file never changes once it is published.
//
// Triggers do what must never be forgotten: whatever changes a published tag
// or record gets the next version, in the same statement. That also makes each
// request one statement, which is what D1 has in place of transactions.
package migrations

import "embed"

// Files are the migrations.
//
//go:embed *.sql
var Files embed.FS
