// The network's arithmetic in floats of 16 bits, for arm64 processors that compute with them: twice
// as many at a time as floats. Sums have so many bits too, and move a score by up to 0.011.

INLINE const Value *own_weights(const Unit &u) { return (const Value *)u.halves.own; }
INLINE const Value *own_bias(const Unit &u) { return (const Value *)u.halves.own_bias; }

#include "net_singles.h"
#include "net_maps.h"

// Adds the products of eight weights with one value. Not by the compiler's own function: GCC 12
// copies the value to all eight places of a register first.
template <int K> INLINE Halves with_one(Halves sum, Halves w, Halves in)
{
	asm("fmla %0.8h, %1.8h, %2.h[%3]" : "+w"(sum) : "w"(w), "x"(in), "i"(K));
	return sum;
}

// Adds the products of input channel K of PX pixels with NV vectors of weights.
template <int K, int NV, int PX> INLINE void one_channel(Halves (&sum)[PX][NV], const Halves (&in)[PX], const Value *w, int block)
{
	KEEP_ORDER;
	Halves weights[NV];
	UNROLL for (int v = 0; v < NV; v++) // in blocks of 16 channels
		weights[v] = load(w + v / 2 * block + K * 16 + v % 2 * 8);
	UNROLL for (int p = 0; p < PX; p++)
		UNROLL for (int v = 0; v < NV; v++)
			sum[p][v] = with_one<K>(sum[p][v], weights[v], in[p]);
}

// PX pixels and NV vectors of output channels of a 1x1 convolution, held in registers over all
// input channels.
template <int CIN, int COUT, int NV, int PX> INLINE void mix_pixels(const Value *x, const Value *w, const Value *bias, Value *out)
{
	enum { BLOCK = 16 * CIN };
	Halves sum[PX][NV];
	UNROLL for (int p = 0; p < PX; p++)
		UNROLL for (int v = 0; v < NV; v++)
			sum[p][v] = load(bias + v * ACROSS);
	for (int c = 0; c < CIN; c += 8, w += 8 * 16) {
		Halves in[PX];
		UNROLL for (int p = 0; p < PX; p++)
			in[p] = load(x + p * CIN + c);
		one_channel<0>(sum, in, w, BLOCK);
		one_channel<1>(sum, in, w, BLOCK);
		one_channel<2>(sum, in, w, BLOCK);
		one_channel<3>(sum, in, w, BLOCK);
		one_channel<4>(sum, in, w, BLOCK);
		one_channel<5>(sum, in, w, BLOCK);
		one_channel<6>(sum, in, w, BLOCK);
		one_channel<7>(sum, in, w, BLOCK);
	}
	UNROLL for (int p = 0; p < PX; p++)
		UNROLL for (int v = 0; v < NV; v++)
			store(out + p * COUT + v * ACROSS, sum[p][v]);
}

template <int CIN, int COUT, int PX> INLINE void mix_stretch(const Unit &u, const Value *x, Value *out)
{
	constexpr int BLOCK = COUT < 32 ? COUT : 32;
	for (int b = 0; b < COUT; b += BLOCK)
		mix_pixels<CIN, COUT, BLOCK / ACROSS, PX>(x, (const Value *)u.halves.mix + b * CIN, (const Value *)u.halves.mix_bias + b, out + b);
}

template <int CIN, int COUT> static void mix(const Unit &u, const Value *x, int n, Value *out)
{
	constexpr int MOST = COUT < 32 ? 8 : 4; // pixels: their sums take 16 of 32 registers
	int i = 0;
	for (; i + MOST <= n; i += MOST)
		mix_stretch<CIN, COUT, MOST>(u, x + i * CIN, out + i * COUT);
	for (; i + 2 <= n; i += 2)
		mix_stretch<CIN, COUT, 2>(u, x + i * CIN, out + i * COUT);
	if (i < n)
		mix_stretch<CIN, COUT, 1>(u, x + i * CIN, out + i * COUT);
}

// A head says more than 11 bits of its boxes: it is in floats.
INLINE void mix_head(const Unit &u, const Value *x, int n, float *out)
{
	enum { CIN = 64 };
	float wide[PIXELS * CIN];
	for (int i = 0; i < n; i += PIXELS) {
		const int count = n - i < PIXELS ? n - i : PIXELS;
		for (int c = 0; c < count * CIN; c += 4)
			vst1q_f32(wide + c, vcvt_f32_f16(vld1_f16(x + i * CIN + c)));
		mix<CIN, HEAD>(u, wide, count, out + i * HEAD);
	}
}
