// What is computed in floats, vectors of LANES and PIXELS pixels at a time in registers, whatever
// the maps hold: the first convolution and a 1x1 convolution of floats.

// Keeps GCC from loading the next step's numbers early, where registers would run out.
#if defined(__aarch64__)
#define KEEP_ORDER asm volatile("" ::: "memory")
#else
#define KEEP_ORDER
#endif

// Calls f with a constant for the last, incomplete group of n pixels.
#define REST(n, call)                                                                              \
	switch (n) {                                                                                   \
	case 3: { enum { PX = 3 < PIXELS ? 3 : 1 }; call; break; }                                     \
	case 2: { enum { PX = 2 }; call; break; }                                                      \
	case 1: { enum { PX = 1 }; call; break; }                                                      \
	}

INLINE V byte_range(V a) { return a < 255.f ? positive(a) : V{} + 255.f; }

// PX pixels and NV vectors of output channels of a 1x1 convolution, held in
// registers over all input channels.
template <int CIN, int COUT, int NV, int PX> INLINE void mix_pixels(const float *x, const float *w, const float *bias, float *out)
{
	V sum[PX][NV];
	UNROLL for (int p = 0; p < PX; p++)
		UNROLL for (int v = 0; v < NV; v++)
			sum[p][v] = load(bias + v * LANES);
	for (int c = 0; c < CIN; c += 4) {
		UNROLL for (int k = 0; k < 4; k++) {
			KEEP_ORDER;
			V weights[NV];
			UNROLL for (int v = 0; v < NV; v++)
				weights[v] = load(w + ((c + k) * NV + v) * LANES);
			UNROLL for (int p = 0; p < PX; p++) {
				const float in = x[p * CIN + c + k];
				UNROLL for (int v = 0; v < NV; v++)
					sum[p][v] += weights[v] * in;
			}
		}
	}
	UNROLL for (int p = 0; p < PX; p++)
		UNROLL for (int v = 0; v < NV; v++)
			store(out + p * COUT + v * LANES, sum[p][v]);
}

template <int CIN, int COUT, int PX> INLINE void mix_stretch(const Unit &u, const float *x, float *out)
{
	constexpr int BLOCK = COUT < 16 ? COUT : 16;
	for (int b = 0; b < COUT; b += BLOCK)
		mix_pixels<CIN, COUT, BLOCK / LANES, PX>(x, u.mix + b * CIN, u.mix_bias + b, out + b);
}

template <int CIN, int COUT> static void mix(const Unit &u, const float *x, int n, float *out)
{
	int i = 0;
	for (; i + PIXELS <= n; i += PIXELS)
		mix_stretch<CIN, COUT, PIXELS>(u, x + i * CIN, out + i * COUT);
	REST(n - i, (mix_stretch<CIN, COUT, PX>(u, x + i * CIN, out + i * COUT)))
}

// One input row as three rows of floats, blue, green, red: BT.601, the matrix
// of the frames that YuNet was trained on closely enough.
static void input_row(Net &n, int y)
{
	const float gain = n.full_range ? 1.f : 255.f / 219.f, lift = n.full_range ? 0.f : 16.f;
	const float cg = n.full_range ? 1.f : 255.f / 224.f;
	enum { STRETCH = 32 }; // the input's width is a multiple
	float *out = (float *)n.input + (size_t)(y % INPUT_ROWS) * 3 * n.input_stride + INPUT_MARGIN;
	const size_t at = (size_t)y * n.width;
	for (int x = 0; x < n.width; x += STRETCH, out += STRETCH) {
		float luma[STRETCH], blue[STRETCH], red[STRETCH];
		for (int i = 0; i < STRETCH; i++) {
			luma[i] = (n.luma[at + x + i] - lift) * gain;
			blue[i] = (n.blue[at + x + i] - 128) * cg;
			red[i] = (n.red[at + x + i] - 128) * cg;
		}
		for (int i = 0; i < STRETCH; i += LANES) {
			const V l = load(luma + i), cb = load(blue + i), cr = load(red + i);
			store(out + i, byte_range(l + 1.772f * cb));
			store(out + n.input_stride + i, byte_range(l - 0.344136f * cb - 0.714136f * cr));
			store(out + 2 * n.input_stride + i, byte_range(l + 1.402f * cr));
		}
	}
}

template <int PX> INLINE void stem_pixels(const Net &n, const float *const rows[3], Value *out)
{
	constexpr int NV = 16 / LANES;
	V sum[PX][NV];
	UNROLL for (int p = 0; p < PX; p++)
		UNROLL for (int v = 0; v < NV; v++)
			sum[p][v] = load(n.stem_bias + v * LANES);
	const float *w = n.stem;
	for (int r = 0; r < 3; r++) {
		const float *in = rows[r];
		for (int colour = 0; colour < 3; colour++, in += n.input_stride)
			UNROLL for (int c = 0; c < 3; c++, w += 16) {
				const float *at = in + c;
				asm("" : "+r"(at)); // as above: the next column's inputs are partly the same
				KEEP_ORDER;
				V weights[NV];
				UNROLL for (int v = 0; v < NV; v++)
					weights[v] = load(w + v * LANES);
				UNROLL for (int p = 0; p < PX; p++)
					UNROLL for (int v = 0; v < NV; v++)
						sum[p][v] += weights[v] * at[2 * p];
			}
	}
	UNROLL for (int p = 0; p < PX; p++)
		UNROLL for (int v = 0; v < NV; v++)
			store(out + p * 16 + v * LANES, positive(sum[p][v]));
}

// n pixels of the first convolution's row y, of stride 2, from column x.
static void stem(Net &n, int y, int x, int count, Value *out)
{
	const float *rows[3];
	for (int r = 0; r < 3; r++) {
		const int at = 2 * y - 1 + r;
		rows[r] = (at < 0 ? (float *)n.zeros : (float *)n.input + (size_t)(at % INPUT_ROWS) * 3 * n.input_stride) + INPUT_MARGIN - 1 + 2 * x;
	}
	int i = 0;
	for (; i + PIXELS <= count; i += PIXELS) {
		stem_pixels<PIXELS>(n, rows, out + i * 16);
		for (int r = 0; r < 3; r++)
			rows[r] += 2 * PIXELS;
	}
	REST(count - i, (stem_pixels<PX>(n, rows, out + i * 16)))
}
