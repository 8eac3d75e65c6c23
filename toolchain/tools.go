//go:build tools

// Package toolchain names the one program that this Go module exists to build.
package toolchain

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
