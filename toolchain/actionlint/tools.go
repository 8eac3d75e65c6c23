//go:build tools

// Package actionlint names the one program that this Go module exists to build.
package actionlint

import _ "github.com/rhysd/actionlint/cmd/actionlint"
