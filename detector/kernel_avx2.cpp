// The arithmetic for amd64 processors with AVX2 and FMA, about every one since 2015.
#if defined(__x86_64__)
#include "net.h"

#include <immintrin.h>

// Lets GCC use the instructions for the larger and the smaller of two; no
// number here is infinite.
#pragma GCC optimize("no-signed-zeros", "finite-math-only")
#pragma GCC target("avx2,fma")
namespace bauta {
namespace avx2 {
enum { LANES = 8, PIXELS = 5, OWN_PIXELS = 8, STEM_PIXELS = 5, SHUFFLES = 1, SUMS = 8, MIXED = 16 };
#include "net_parts.h"
#include "words_avx2.h"

typedef Sums8 Sums;
INLINE Sums both(int32_t pair) { return both8(pair); }
INLINE Sums dot(Sums sum, Sums w, Sums x) { return _mm256_add_epi32(sum, _mm256_madd_epi16(w, x)); }
INLINE Sums dot_at(Sums sum, Sums w, const int16_t *x) { return dot(sum, w, both(*(const Pair *)x)); }
template <int C> struct Own { typedef Words16 Type; };

template <int NV> INLINE void settle(const Sums *sum, const float *scale, const float *lift, int16_t *out)
{
	static_assert(NV == 2);
	_mm256_storeu_si256((__m256i *)out, settled(sum[0], sum[1], scale, lift));
}

#include "net_words.h"
#include "net_kernel.h"
#include "small_kernel.h"

const Kernel kernel = {WORDS, run, resize, reduce, cells};
} // namespace avx2
} // namespace bauta
#endif
