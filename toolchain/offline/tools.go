//go:build tools

// Package offline names the one program that this Go module exists to build.
package offline

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
