// The network's arithmetic for amd64 processors with AVX-512 and VNNI: Intel's servers since 2019,
// AMD's since 2022. The rest is that of AVX2.
#if defined(__x86_64__)
#include "net.h"

#include <immintrin.h>

// GCC 12's own header uses what it leaves undefined on purpose.
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC optimize("no-signed-zeros", "finite-math-only")
#pragma GCC target("avx2,fma,avx512f,avx512bw,avx512vl,avx512vnni")
namespace bauta {
namespace avx512 {
enum { LANES = 8, PIXELS = 12, OWN_PIXELS = 8, STEM_PIXELS = 12, SUMS = 16, MIXED = 32 };
#include "net_parts.h"
#include "words_avx2.h"

typedef __m512i Sums, Words32;
INLINE Sums both(int32_t pair) { return _mm512_set1_epi32(pair); }
// Not by the compiler's own function: GCC 12 copies sums to and fro around it.
template <typename W> INLINE W dot(W sum, W w, W x)
{
	asm("vpdpwssd %2, %1, %0" : "+v"(sum) : "v"(w), "v"(x));
	return sum;
}
INLINE Sums dot_at(Sums sum, Sums w, const int16_t *x)
{
	asm("vpdpwssd %2%{1to16%}, %1, %0" : "+v"(sum) : "v"(w), "m"(*(const Pair *)x));
	return sum;
}
INLINE Words32 plus(Words32 a, Words32 b) { return _mm512_adds_epi16(a, b); }
INLINE Words32 times(Words32 a, Words32 b) { return _mm512_mulhrs_epi16(a, b); }
INLINE Words32 greater(Words32 a, Words32 b) { return _mm512_max_epi16(a, b); }
template <int C> struct Own { typedef Words32 Type; };
template <> struct Own<16> { typedef Words16 Type; };

template <int NV> INLINE void settle(const Sums *sum, const float *scale, const float *lift, int16_t *out)
{
	UNROLL for (int v = 0; v < NV; v++, scale += SUMS, lift += SUMS) {
		const __m512 worth = _mm512_fmadd_ps(_mm512_cvtepi32_ps(sum[v]), _mm512_loadu_ps(scale), _mm512_loadu_ps(lift));
		_mm256_storeu_si256((__m256i *)(out + v * SUMS), _mm512_cvtsepi32_epi16(_mm512_cvtps_epi32(worth)));
	}
}

#include "net_words.h"
#include "net_kernel.h"

const Kernel kernel = {WORDS, run, avx2::kernel.resize, avx2::kernel.reduce, avx2::kernel.cells};
} // namespace avx512
} // namespace bauta
#endif
