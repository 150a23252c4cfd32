package dist

import "testing"

func BenchmarkNegBinQuantile(b *testing.B) {
	for i := 0; b.Loop(); i++ {
		NegBinQuantile(0.995, 1+float64(i%50), 5)
	}
}

func BenchmarkNegBinCDF(b *testing.B) {
	for i := 0; b.Loop(); i++ {
		NegBinCDF(float64(i%30), 10, 5)
	}
}

func BenchmarkNegBinPMF(b *testing.B) {
	for i := 0; b.Loop(); i++ {
		NegBinPMF(float64(i%30), 10, 5)
	}
}

func BenchmarkPoissonQuantile(b *testing.B) {
	for i := 0; b.Loop(); i++ {
		PoissonQuantile(0.995, 1+float64(i%50))
	}
}

func BenchmarkGammaQuantile(b *testing.B) {
	for i := 0; b.Loop(); i++ {
		GammaQuantile(0.975, 1+float64(i%50), 1)
	}
}

func BenchmarkBetaQuantile(b *testing.B) {
	for i := 0; b.Loop(); i++ {
		BetaQuantile(0.975, 1+float64(i%50), 20)
	}
}

func BenchmarkStudentQuantile(b *testing.B) {
	for i := 0; b.Loop(); i++ {
		StudentQuantile(0.975, 1+float64(i%50))
	}
}
func BenchmarkStudentTail(b *testing.B) {
	for i := 0; b.Loop(); i++ {
		StudentTail(2, 1+float64(i%50))
	}
}
func BenchmarkNormalQuantile(b *testing.B) {
	for i := 0; b.Loop(); i++ {
		NormalQuantile(0.001 * (1 + float64(i%50)))
	}
}
