// What the network's arithmetic is made of, in floats (net_floats.h) as in halves
// (net_halves.h) and in whole numbers (net_words.h): compiled once for each kind of processor, in a namespace of its own.
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
template <int C, int PX, bool RELU, typename T> INLINE void own_pixels(const T *const rows[3], const T *w, const T *bias, T *out)
{
	typedef decltype(load(w)) W;
	W sum[PX];
	UNROLL for (int p = 0; p < PX; p++)
		sum[p] = load(bias);
	UNROLL for (int r = 0; r < 3; r++) {
		const W weights[3] = {load(w + 3 * r * C), load(w + (3 * r + 1) * C), load(w + (3 * r + 2) * C)};
		UNROLL for (int c = 0; c < PX + 2; c++) {
			const W in = load(rows[r] + c * C);
			UNROLL for (int p = 0; p < PX; p++)
				if (c >= p && c <= p + 2)
					sum[p] += weights[c - p] * in;
		}
	}
	UNROLL for (int p = 0; p < PX; p++)
		store(out + p * C, RELU ? positive(sum[p]) : sum[p]);
}

// All channels of PX pixels from pixel i on: neighbours in memory come one after the other.
template <int C, int PX, bool RELU, typename T> INLINE void own_stretch(const T *w, const T *bias, const T *const rows[3], int i, T *out)
{
	enum { MANY = sizeof(load(w)) / sizeof(T) };
	const T *at[3] = {rows[0] + i * C, rows[1] + i * C, rows[2] + i * C};
	for (int v = 0; v < C; v += MANY) {
		own_pixels<C, PX, RELU>(at, w + v, bias + v, out + i * C + v);
		for (auto &row : at)
			row += MANY;
	}
}

template <int C, bool RELU, typename T> static void own_rows(const T *w, const T *bias, const T *const rows[3], int n, T *out)
{
	int i = 0;
	for (; i + OWN_PIXELS <= n; i += OWN_PIXELS)
		own_stretch<C, OWN_PIXELS, RELU>(w, bias, rows, i, out);
	for (; i + 2 <= n; i += 2)
		own_stretch<C, 2, RELU>(w, bias, rows, i, out);
	if (i < n)
		own_stretch<C, 1, RELU>(w, bias, rows, i, out);
}
