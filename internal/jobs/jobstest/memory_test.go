package jobstest_test

import (
	"testing"

	"openvru/internal/access"
	"openvru/internal/jobs"
	"openvru/internal/jobs/jobstest"
)

func TestMemory(t *testing.T) {
	jobstest.Exercise(t, func(*testing.T) jobs.Store { return jobstest.NewMemory(func(access.Event) {}) })
}
