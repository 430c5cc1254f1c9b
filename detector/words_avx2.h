// What net_words.h asks for of vectors of 32 bytes.

typedef __m256i Words16, Sums8;

// Two values of neighbouring channels, wherever they lie.
typedef int32_t Pair __attribute__((aligned(2), may_alias));

INLINE Words16 plus(Words16 a, Words16 b) { return _mm256_adds_epi16(a, b); }
INLINE Words16 minus(Words16 a, Words16 b) { return _mm256_subs_epi16(a, b); }
INLINE Words16 times(Words16 a, Words16 b) { return _mm256_mulhrs_epi16(a, b); }
INLINE Words16 greater(Words16 a, Words16 b) { return _mm256_max_epi16(a, b); }
INLINE Words16 all16(int16_t v) { return _mm256_set1_epi16(v); }
INLINE Words16 bytes16(const uint8_t *p) { return _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)p)); }
template <int BY> INLINE Words16 shifted(Words16 a, int16_t less) { return _mm256_slli_epi16(_mm256_sub_epi16(a, all16(less)), BY); }
INLINE Words16 within(Words16 a) { return _mm256_min_epi16(greater(a, Words16{}), all16(255 * INPUT_ONE)); }
INLINE Sums8 both8(int32_t pair) { return _mm256_set1_epi32(pair); }
INLINE V floats(Sums8 a) { return (V)_mm256_cvtepi32_ps(a); }

// 16 pixels of blue, green, red and nothing, one after the other.
INLINE void interleave(Words16 blue, Words16 green, Words16 red, int16_t *out)
{
	const Words16 bg_low = _mm256_unpacklo_epi16(blue, green), bg_high = _mm256_unpackhi_epi16(blue, green);
	const Words16 r_low = _mm256_unpacklo_epi16(red, Words16{}), r_high = _mm256_unpackhi_epi16(red, Words16{});
	const Words16 a = _mm256_unpacklo_epi32(bg_low, r_low), b = _mm256_unpackhi_epi32(bg_low, r_low);
	const Words16 c = _mm256_unpacklo_epi32(bg_high, r_high), d = _mm256_unpackhi_epi32(bg_high, r_high);
	const __m128i *parts[4] = {(const __m128i *)&a, (const __m128i *)&b, (const __m128i *)&c, (const __m128i *)&d};
	for (int half = 0; half < 2; half++)
		for (int i = 0; i < 4; i++, out += 8)
			_mm_storeu_si128((__m128i *)out, parts[i][half]);
}

// What 16 sums are worth, with the channels' lifts added.
INLINE Words16 settled(Sums8 a, Sums8 b, const float *scale, const float *lift)
{
	const Sums8 x = _mm256_cvtps_epi32((__m256)(floats(a) * load(scale) + load(lift)));
	const Sums8 y = _mm256_cvtps_epi32((__m256)(floats(b) * load(scale + 8) + load(lift + 8)));
	return _mm256_permute4x64_epi64(_mm256_packs_epi32(x, y), 0xd8);
}
