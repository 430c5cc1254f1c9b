// What the network's arithmetic is made of, in floats (net_floats.h) as in whole numbers
// (net_words.h): compiled once for each kind of processor, in a namespace of its own.
// Values lie pixel by pixel, a pixel's channels together.

// A vector anywhere in memory.
typedef float V __attribute__((vector_size(LANES * 4), aligned(4), may_alias));

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("GCC unroll 64")

INLINE V load(const float *p) { return *(const V *)p; }
INLINE void store(float *p, V v) { *(V *)p = v; }
INLINE V larger(V a, V b) { return a > b ? a : b; }
INLINE V positive(V a) { return larger(a, V{}); }

// PX pixels of one vector of channels of a 3x3 convolution by channel. The
// rows begin a pixel to the left.
template <int C, int PX, bool RELU> INLINE void own_pixels(const float *const rows[3], const float *w, const float *bias, float *out)
{
	V sum[PX];
	UNROLL for (int p = 0; p < PX; p++)
		sum[p] = load(bias);
	UNROLL for (int r = 0; r < 3; r++) {
		const V weights[3] = {load(w + 3 * r * C), load(w + (3 * r + 1) * C), load(w + (3 * r + 2) * C)};
		UNROLL for (int c = 0; c < PX + 2; c++) {
			const V in = load(rows[r] + c * C);
			UNROLL for (int p = 0; p < PX; p++)
				if (c >= p && c <= p + 2)
					sum[p] += weights[c - p] * in;
		}
	}
	UNROLL for (int p = 0; p < PX; p++)
		store(out + p * C, RELU ? positive(sum[p]) : sum[p]);
}

// All channels of PX pixels from pixel i on: neighbours in memory come one after the other.
template <int C, int PX, bool RELU> INLINE void own_stretch(const Unit &u, const float *const rows[3], int i, float *out)
{
	const float *at[3] = {rows[0] + i * C, rows[1] + i * C, rows[2] + i * C};
	for (int v = 0; v < C; v += LANES) {
		own_pixels<C, PX, RELU>(at, u.own + v, u.own_bias + v, out + i * C + v);
		for (auto &row : at)
			row += LANES;
	}
}

template <int C, bool RELU> static void own_floats(const Unit &u, const float *const rows[3], int n, float *out)
{
	int i = 0;
	for (; i + OWN_PIXELS <= n; i += OWN_PIXELS)
		own_stretch<C, OWN_PIXELS, RELU>(u, rows, i, out);
	for (; i + 2 <= n; i += 2)
		own_stretch<C, 2, RELU>(u, rows, i, out);
	if (i < n)
		own_stretch<C, 1, RELU>(u, rows, i, out);
}

