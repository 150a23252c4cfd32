package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the scripts run the real main, in a process of its own, under
// the name vru.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"vru": func() { os.Exit(run()) },
	})
}

// TestScript runs the tours in testdata/script: each reads as a story of the
// product in use, and each is checked to the letter.
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: os.Getenv("UPDATE_SCRIPTS") != "",
		Setup: func(env *testscript.Env) error {
			env.Setenv("OPENVRU_DB", filepath.Join(env.WorkDir, "openvru.db"))
			env.Setenv("OPENVRU_DATA", filepath.Join(env.WorkDir, "openvru-data"))
			return nil
		},
	})
}
