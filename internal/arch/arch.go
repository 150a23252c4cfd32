// Package arch holds the walls of the house: a test that reads the import
// policy in ARCHITECTURE.md and the source files themselves. It has no code
// outside its test.
package arch
